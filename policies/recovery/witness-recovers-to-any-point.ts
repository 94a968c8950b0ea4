import { control } from "../frameworks.ts";
import { exceptPreview, type ResourceRule } from "../rule.ts";

export const witnessRecoversToAnyPoint: ResourceRule = {
  about: "resource",
  name: "witness-recovers-to-any-point",
  area: "recovery",
  severity: "high",
  what: "Every DynamoDB table, the witness's above all, can be restored to any second of the last month.",
  why: "The witness says who is active and with which epoch: a record that was spoilt must be found as it was before.",
  remedy: "Set pointInTimeRecovery.enabled on the table.",
  enforcement: exceptPreview,
  controls: [
    control("dora", "Art. 12(1)"),
    control("iso27001", "A.8.13"),
    control("soc2", "A1.2"),
    control("nist", "PR.DS-11"),
  ],
  types: ["aws:dynamodb/table:Table"],
  judge: (table) =>
    table.value("pointInTimeRecovery.enabled") === true
      ? []
      : [{ resource: table, property: "pointInTimeRecovery.enabled", found: "off", wanted: "on" }],
  examples: {
    passing: { type: "aws:dynamodb/table:Table", props: { pointInTimeRecovery: { enabled: true } } },
    failing: { type: "aws:dynamodb/table:Table", props: { pointInTimeRecovery: { enabled: false } } },
  },
};
