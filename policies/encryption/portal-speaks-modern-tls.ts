import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const portalSpeaksModernTls: ResourceRule = {
  about: "resource",
  name: "portal-speaks-modern-tls",
  area: "encryption",
  severity: "high",
  what: "The portal is served over TLS 1.2 or newer, and never in plain.",
  why: "People sign in there.",
  remedy: "Set viewerProtocolPolicy redirect-to-https and minimumProtocolVersion TLSv1.2_2021.",
  enforcement: everywhere,
  controls: [
    control("pci", "4.2"),
    control("iso27001", "A.8.24"),
    control("soc2", "CC6.7"),
    control("nist", "PR.DS-02"),
    control("dora", "Art. 9(2)"),
  ],
  types: ["aws:cloudfront/distribution:Distribution"],
  judge: (distribution) => {
    const policy = distribution.text("defaultCacheBehavior.viewerProtocolPolicy") ?? "none";
    const version = distribution.text("viewerCertificate.minimumProtocolVersion") ?? "AWS's default";
    return [
      ...(["redirect-to-https", "https-only"].includes(policy)
        ? []
        : [
            {
              resource: distribution,
              property: "defaultCacheBehavior.viewerProtocolPolicy",
              found: policy,
              wanted: "redirect-to-https",
            },
          ]),
      ...(/^TLSv1\.[23]_/.test(version)
        ? []
        : [
            {
              resource: distribution,
              property: "viewerCertificate.minimumProtocolVersion",
              found: version,
              wanted: "TLSv1.2_2021",
            },
          ]),
    ];
  },
  examples: {
    passing: {
      type: "aws:cloudfront/distribution:Distribution",
      props: {
        defaultCacheBehavior: { viewerProtocolPolicy: "redirect-to-https" },
        viewerCertificate: { minimumProtocolVersion: "TLSv1.2_2021" },
      },
    },
    failing: {
      type: "aws:cloudfront/distribution:Distribution",
      props: {
        defaultCacheBehavior: { viewerProtocolPolicy: "allow-all" },
        viewerCertificate: { minimumProtocolVersion: "TLSv1.2_2021" },
      },
    },
  },
};
