import { control } from "../frameworks.ts";
import { isGiven } from "../judged/wants.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/mrk-0a1b2c3d4e5f60708090a0b0c0d0e0f0";

export const secretsAreEncryptedWithOurKey: ResourceRule = {
  about: "resource",
  name: "secrets-are-encrypted-with-our-key",
  area: "encryption",
  severity: "high",
  what: "A secret is encrypted with a key of ours.",
  why: "Reading a secret then takes two permissions, and the key's use is on record.",
  remedy: "Set kmsKeyId on the secret.",
  enforcement: everywhere,
  controls: [
    control("pci", "3.6"),
    control("iso27001", "A.8.24"),
    control("soc2", "CC6.1"),
    control("nist", "PR.DS-01"),
    control("dora", "Art. 9(4)"),
    control("pci", "8.6"),
  ],
  types: ["aws:secretsmanager/secret:Secret"],
  judge: isGiven("kmsKeyId", "a key of ours", "AWS's own key"),
  examples: {
    passing: { type: "aws:secretsmanager/secret:Secret", props: { kmsKeyId: KEY } },
    failing: {
      type: "aws:secretsmanager/secret:Secret",
      props: { name: "castle/services/production/database" },
    },
  },
};
