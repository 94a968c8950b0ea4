import { control } from "../frameworks.ts";
import { isGiven } from "../judged/wants.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/mrk-0a1b2c3d4e5f60708090a0b0c0d0e0f0";

export const clusterSecretsAreEncrypted: ResourceRule = {
  about: "resource",
  name: "cluster-secrets-are-encrypted",
  area: "encryption",
  severity: "high",
  what: "Kubernetes's secrets are encrypted with a key of ours before they are stored.",
  why: "The services' passwords stand among them.",
  remedy: "Set encryptionConfigKeyArn on the cluster.",
  enforcement: everywhere,
  controls: [
    control("pci", "3.6"),
    control("iso27001", "A.8.24"),
    control("soc2", "CC6.1"),
    control("nist", "PR.DS-01"),
    control("dora", "Art. 9(4)"),
    control("cis-eks", "5.3.1"),
  ],
  types: ["eks:index:Cluster"],
  judge: isGiven("encryptionConfigKeyArn", "a key of ours"),
  examples: {
    passing: { type: "eks:index:Cluster", props: { encryptionConfigKeyArn: KEY } },
    failing: { type: "eks:index:Cluster", props: { version: "1.33" } },
  },
};
