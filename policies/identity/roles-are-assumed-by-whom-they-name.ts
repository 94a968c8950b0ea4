import { control } from "../frameworks.ts";
import { statementsIn } from "../judged/statements.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const rolesAreAssumedByWhomTheyName: ResourceRule = {
  about: "resource",
  name: "roles-are-assumed-by-whom-they-name",
  area: "identity",
  severity: "critical",
  what: "A role names who may assume it.",
  why: "A role that anybody may assume is anybody's.",
  remedy: "Name services, accounts or roles as principals.",
  enforcement: everywhere,
  controls: [
    control("pci", "7.2"),
    control("iso27001", "A.5.15"),
    control("soc2", "CC6.3"),
    control("nist", "PR.AA-05"),
  ],
  types: ["aws:iam/role:Role"],
  judge: (role) =>
    statementsIn(role.value("assumeRolePolicy"))
      .filter(
        ({ Effect, Principal }) =>
          Effect === "Allow" &&
          (Principal === "*" ||
            Object.values(Principal ?? { none: "*" })
              .flat()
              .includes("*")),
      )
      .map(() => ({
        resource: role,
        property: "assumeRolePolicy",
        found: "anybody",
        wanted: "named principals",
      })),
  examples: {
    passing: {
      type: "aws:iam/role:Role",
      props: {
        assumeRolePolicy: JSON.stringify({
          Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" } }],
        }),
      },
    },
    failing: {
      type: "aws:iam/role:Role",
      props: { assumeRolePolicy: JSON.stringify({ Statement: [{ Effect: "Allow", Principal: "*" }] }) },
    },
  },
};
