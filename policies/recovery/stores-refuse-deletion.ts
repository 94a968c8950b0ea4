import { control } from "../frameworks.ts";
import { exceptPreview, type ResourceRule } from "../rule.ts";

/** What each store calls its own lock against deletion. */
const locks: Readonly<Record<string, string>> = {
  "aws:rds/cluster:Cluster": "deletionProtection",
  "aws:rds/globalCluster:GlobalCluster": "deletionProtection",
  "aws:rds/instance:Instance": "deletionProtection",
  "aws:dynamodb/table:Table": "deletionProtectionEnabled",
};

export const storesRefuseDeletion: ResourceRule = {
  about: "resource",
  name: "stores-refuse-deletion",
  area: "recovery",
  severity: "critical",
  what: "Databases and the witness's table are locked against deletion in AWS itself.",
  why: "Pulumi's own protection does not hold back a person in the console, nor a script.",
  remedy: "Set deletionProtection (deletionProtectionEnabled on a table).",
  enforcement: exceptPreview,
  controls: [
    control("dora", "Art. 9(3)"),
    control("iso27001", "A.8.13"),
    control("soc2", "A1.2"),
    control("nist", "PR.DS-01"),
  ],
  types: [
    "aws:rds/cluster:Cluster",
    "aws:rds/globalCluster:GlobalCluster",
    "aws:rds/instance:Instance",
    "aws:dynamodb/table:Table",
  ],
  judge: (store) => {
    const property = locks[store.type] ?? "deletionProtection";
    return store.value(property) === true ? [] : [{ resource: store, property, found: "off", wanted: "on" }];
  },
  examples: {
    passing: { type: "aws:rds/cluster:Cluster", props: { deletionProtection: true } },
    failing: { type: "aws:rds/cluster:Cluster", props: { deletionProtection: false } },
  },
};
