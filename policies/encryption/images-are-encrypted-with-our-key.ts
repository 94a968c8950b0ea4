import { control } from "../frameworks.ts";
import { says } from "../judged/wants.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const imagesAreEncryptedWithOurKey: ResourceRule = {
  about: "resource",
  name: "images-are-encrypted-with-our-key",
  area: "encryption",
  severity: "medium",
  what: "A repository of images is encrypted by KMS.",
  why: "An image is what runs: whoever could change it at rest would run in both cells.",
  remedy: "Set encryptionConfigurations with encryptionType KMS.",
  enforcement: everywhere,
  controls: [
    control("pci", "3.6"),
    control("iso27001", "A.8.24"),
    control("soc2", "CC6.1"),
    control("nist", "PR.DS-01"),
    control("dora", "Art. 9(4)"),
  ],
  types: ["aws:ecr/repository:Repository"],
  judge: says("encryptionConfigurations.0.encryptionType", "KMS", "AES256"),
  examples: {
    passing: {
      type: "aws:ecr/repository:Repository",
      props: { encryptionConfigurations: [{ encryptionType: "KMS" }] },
    },
    failing: { type: "aws:ecr/repository:Repository", props: { name: "castle/production/order-gateway" } },
  },
};
