import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const passwordsAreWrittenOnly: ResourceRule = {
  about: "resource",
  name: "passwords-are-written-only",
  area: "identity",
  severity: "critical",
  what: "A password is handed to AWS by a property that is written and never kept.",
  why: "What stands in Pulumi's state, encrypted or not, can be read by whoever may deploy.",
  remedy: "Use masterPasswordWo, passwordWo and the like; take the value from Secrets Manager.",
  enforcement: everywhere,
  controls: [
    control("pci", "8.6"),
    control("iso27001", "A.5.17"),
    control("soc2", "CC6.1"),
    control("nist", "PR.AA-01"),
  ],
  types: [
    "aws:rds/cluster:Cluster",
    "aws:rds/instance:Instance",
    "aws:secretsmanager/secretVersion:SecretVersion",
  ],
  judge: (resource) =>
    ["masterPassword", "password", "secretString"]
      .filter((property) => resource.has(property))
      .map((property) => ({
        resource,
        property,
        found: "a value that the state keeps",
        wanted: `${property}Wo`,
      })),
  examples: {
    passing: {
      type: "aws:rds/cluster:Cluster",
      props: { masterPasswordWo: "…", masterPasswordWoVersion: 1 },
    },
    failing: { type: "aws:rds/cluster:Cluster", props: { masterPassword: "…" } },
  },
};
