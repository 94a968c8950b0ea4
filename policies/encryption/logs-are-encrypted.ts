import { control } from "../frameworks.ts";
import { isGiven } from "../judged/wants.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/mrk-0a1b2c3d4e5f60708090a0b0c0d0e0f0";

export const logsAreEncrypted: ResourceRule = {
  about: "resource",
  name: "logs-are-encrypted",
  area: "encryption",
  severity: "high",
  what: "A log group is encrypted with a key of ours.",
  why: "Logs tell who traded, when, and from where.",
  remedy: "Set kmsKeyId on the log group.",
  enforcement: everywhere,
  controls: [
    control("pci", "3.6"),
    control("iso27001", "A.8.24"),
    control("soc2", "CC6.1"),
    control("nist", "PR.DS-01"),
    control("dora", "Art. 9(4)"),
    control("pci", "10.3"),
  ],
  types: ["aws:cloudwatch/logGroup:LogGroup"],
  judge: isGiven("kmsKeyId", "a key of ours", "AWS's own key"),
  examples: {
    passing: { type: "aws:cloudwatch/logGroup:LogGroup", props: { kmsKeyId: KEY } },
    failing: { type: "aws:cloudwatch/logGroup:LogGroup", props: { retentionInDays: 400 } },
  },
};
