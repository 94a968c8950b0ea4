import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const dataTierIsClosedToTheOutside: ResourceRule = {
  about: "resource",
  name: "data-tier-is-closed-to-the-outside",
  area: "network",
  severity: "high",
  what: "The data tier's network lists let in no address from outside the platform.",
  why: "A security group is changed by whoever needs a port; the list behind it is the second lock.",
  remedy: "Name ranges of the cells in the network ACL.",
  enforcement: everywhere,
  controls: [
    control("pci", "1.3"),
    control("iso27001", "A.8.20"),
    control("soc2", "CC6.6"),
    control("nist", "PR.IR-01"),
  ],
  types: ["aws:ec2/networkAcl:NetworkAcl"],
  judge: (acl) =>
    acl
      .each("ingress")
      .filter(
        (rule) =>
          rule.text("action") === "allow" && ["0.0.0.0/0", undefined].includes(rule.text("cidrBlock")),
      )
      .map(() => ({ resource: acl, property: "ingress", found: "anywhere", wanted: "ranges of the cells" })),
  examples: {
    passing: {
      type: "aws:ec2/networkAcl:NetworkAcl",
      props: { ingress: [{ action: "allow", cidrBlock: "10.10.0.0/19" }] },
    },
    failing: {
      type: "aws:ec2/networkAcl:NetworkAcl",
      props: { ingress: [{ action: "allow", cidrBlock: "0.0.0.0/0" }] },
    },
  },
};
