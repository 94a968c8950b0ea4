import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/mrk-0a1b2c3d4e5f60708090a0b0c0d0e0f0";

export const databasesAreEncryptedWithOurKey: ResourceRule = {
  about: "resource",
  name: "databases-are-encrypted-with-our-key",
  area: "encryption",
  severity: "critical",
  what: "A database is encrypted at rest, with the platform's own key.",
  why: "Balances and orders stand in it, and a key of our own is one that we can withdraw.",
  remedy: "Set storageEncrypted and kmsKeyId.",
  enforcement: everywhere,
  controls: [
    control("pci", "3.6"),
    control("iso27001", "A.8.24"),
    control("soc2", "CC6.1"),
    control("nist", "PR.DS-01"),
    control("dora", "Art. 9(4)"),
  ],
  types: ["aws:rds/cluster:Cluster", "aws:rds/instance:Instance"],
  judge: (database) => [
    ...(database.value("storageEncrypted") === true
      ? []
      : [{ resource: database, property: "storageEncrypted", found: "off", wanted: "on" }]),
    ...(database.has("kmsKeyId")
      ? []
      : [{ resource: database, property: "kmsKeyId", found: "AWS's own key", wanted: "the platform's key" }]),
  ],
  examples: {
    passing: { type: "aws:rds/cluster:Cluster", props: { storageEncrypted: true, kmsKeyId: KEY } },
    failing: { type: "aws:rds/cluster:Cluster", props: { storageEncrypted: true } },
  },
};
