import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const firewallRulesSayWhy: ResourceRule = {
  about: "resource",
  name: "firewall-rules-say-why",
  area: "network",
  severity: "low",
  what: "Every rule of a security group says what it is for.",
  why: "Nobody dares to remove a rule that nobody can explain.",
  remedy: "Give each rule a description.",
  enforcement: everywhere,
  controls: [control("pci", "1.2"), control("iso27001", "A.8.9")],
  types: ["aws:ec2/securityGroup:SecurityGroup"],
  judge: (group) =>
    (["ingress", "egress"] as const).flatMap((property) =>
      group
        .each(property)
        .filter((rule) => !rule.text("description"))
        .map(() => ({
          resource: group,
          property,
          found: "a rule without a description",
          wanted: "what it is for",
        })),
    ),
  examples: {
    passing: {
      type: "aws:ec2/securityGroup:SecurityGroup",
      props: { ingress: [{ description: "clients to order-gateway", fromPort: 443 }] },
    },
    failing: { type: "aws:ec2/securityGroup:SecurityGroup", props: { ingress: [{ fromPort: 443 }] } },
  },
};
