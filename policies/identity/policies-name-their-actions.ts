import { control } from "../frameworks.ts";
import { statementsIn, textsOf } from "../judged/statements.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const policiesNameTheirActions: ResourceRule = {
  about: "resource",
  name: "policies-name-their-actions",
  area: "identity",
  severity: "high",
  what: "A policy of ours names each action that it allows.",
  why: "A wildcard allows tomorrow's actions, too.",
  remedy: "List the actions.",
  enforcement: everywhere,
  controls: [
    control("pci", "7.2"),
    control("iso27001", "A.5.15"),
    control("soc2", "CC6.3"),
    control("nist", "PR.AA-05"),
    control("cis-aws", "1.16"),
  ],
  types: ["aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy"],
  judge: (policy) =>
    statementsIn(policy.value("policy"))
      .filter(({ Effect }) => Effect === "Allow")
      .flatMap(({ Action, NotAction }) => [
        ...textsOf(Action).filter((action) => action.includes("*")),
        // Everything but what is named is a wildcard in other words.
        ...(NotAction === undefined ? [] : ["NotAction"]),
      ])
      .map((found) => ({ resource: policy, property: "policy", found, wanted: "actions by name" })),
  examples: {
    passing: {
      type: "aws:iam/policy:Policy",
      props: { policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: ["s3:GetObject"] }] }) },
    },
    failing: {
      type: "aws:iam/policy:Policy",
      props: { policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: "s3:*" }] }) },
    },
  },
};
