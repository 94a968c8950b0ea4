import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const defaultSecurityGroupLetsNobodyIn: ResourceRule = {
  about: "resource",
  name: "default-security-group-lets-nobody-in",
  area: "network",
  severity: "medium",
  what: "The security group that every VPC is born with lets nobody in and nothing out.",
  why: "What is started without a group of its own falls into it.",
  remedy: "Give the VPC a DefaultSecurityGroup without rules.",
  enforcement: everywhere,
  controls: [
    control("pci", "1.3"),
    control("iso27001", "A.8.20"),
    control("soc2", "CC6.6"),
    control("nist", "PR.IR-01"),
    control("cis-aws", "5.4"),
  ],
  types: ["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"],
  judge: (group) =>
    (["ingress", "egress"] as const)
      .filter((property) => group.each(property).length > 0)
      .map((property) => ({ resource: group, property, found: "rules", wanted: "none" })),
  examples: {
    passing: { type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", props: { vpcId: "vpc-1" } },
    failing: {
      type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
      props: { vpcId: "vpc-1", ingress: [{ protocol: "-1", self: true }] },
    },
  },
};
