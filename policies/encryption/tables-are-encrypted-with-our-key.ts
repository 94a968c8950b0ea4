import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/mrk-0a1b2c3d4e5f60708090a0b0c0d0e0f0";

export const tablesAreEncryptedWithOurKey: ResourceRule = {
  about: "resource",
  name: "tables-are-encrypted-with-our-key",
  area: "encryption",
  severity: "high",
  what: "A table is encrypted with a key of ours.",
  why: "Whoever can rewrite the witness names the active cell: its table is under a key whose use is recorded.",
  remedy: "Set serverSideEncryption with enabled and kmsKeyArn.",
  enforcement: everywhere,
  controls: [
    control("pci", "3.6"),
    control("iso27001", "A.8.24"),
    control("soc2", "CC6.1"),
    control("nist", "PR.DS-01"),
    control("dora", "Art. 9(4)"),
  ],
  types: ["aws:dynamodb/table:Table"],
  judge: (table) =>
    table.value("serverSideEncryption.enabled") === true && table.has("serverSideEncryption.kmsKeyArn")
      ? []
      : [
          {
            resource: table,
            property: "serverSideEncryption",
            found: "AWS's own key",
            wanted: "a key of ours",
          },
        ],
  examples: {
    passing: {
      type: "aws:dynamodb/table:Table",
      props: { serverSideEncryption: { enabled: true, kmsKeyArn: KEY } },
    },
    failing: { type: "aws:dynamodb/table:Table", props: { serverSideEncryption: { enabled: true } } },
  },
};
