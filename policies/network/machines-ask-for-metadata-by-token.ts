import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const machinesAskForMetadataByToken: ResourceRule = {
  about: "resource",
  name: "machines-ask-for-metadata-by-token",
  area: "network",
  severity: "high",
  what: "A machine tells its metadata to whoever holds a token, and no further than itself.",
  why: "Without it a pod that can be made to fetch an address has the node's role.",
  remedy: "Set metadataOptions httpTokens required and httpPutResponseHopLimit 1.",
  enforcement: everywhere,
  controls: [
    control("cis-aws", "5.6"),
    control("cis-eks", "5.4.2"),
    control("iso27001", "A.8.9"),
    control("soc2", "CC6.1"),
  ],
  types: ["aws:ec2/launchTemplate:LaunchTemplate"],
  judge: (template) => [
    ...(template.text("metadataOptions.httpTokens") === "required"
      ? []
      : [
          {
            resource: template,
            property: "metadataOptions.httpTokens",
            found: template.text("metadataOptions.httpTokens") ?? "optional",
            wanted: "required",
          },
        ]),
    ...((template.number("metadataOptions.httpPutResponseHopLimit") ?? 1) <= 1
      ? []
      : [
          {
            resource: template,
            property: "metadataOptions.httpPutResponseHopLimit",
            found: String(template.number("metadataOptions.httpPutResponseHopLimit")),
            wanted: "1",
          },
        ]),
  ],
  examples: {
    passing: {
      type: "aws:ec2/launchTemplate:LaunchTemplate",
      props: { metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 } },
    },
    failing: {
      type: "aws:ec2/launchTemplate:LaunchTemplate",
      props: { metadataOptions: { httpTokens: "optional" } },
    },
  },
};
