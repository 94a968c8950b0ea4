import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const databasesHaveNoPublicAddress: ResourceRule = {
  about: "resource",
  name: "databases-have-no-public-address",
  area: "data",
  severity: "critical",
  what: "A database has no address on the internet.",
  why: "What nobody can reach nobody can break into by a password.",
  remedy: "Leave publiclyAccessible out, or false.",
  enforcement: everywhere,
  controls: [
    control("pci", "1.3"),
    control("iso27001", "A.8.20"),
    control("soc2", "CC6.6"),
    control("nist", "PR.IR-01"),
    control("pci", "1.4"),
  ],
  types: ["aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance"],
  judge: (instance) =>
    instance.value("publiclyAccessible") === true
      ? [{ resource: instance, property: "publiclyAccessible", found: "public", wanted: "private" }]
      : [],
  examples: {
    passing: { type: "aws:rds/instance:Instance", props: { instanceClass: "db.r8g.large" } },
    failing: { type: "aws:rds/instance:Instance", props: { publiclyAccessible: true } },
  },
};
