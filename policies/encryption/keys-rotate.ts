import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const keysRotate: ResourceRule = {
  about: "resource",
  name: "keys-rotate",
  area: "encryption",
  severity: "medium",
  what: "A symmetric key's material is renewed every year.",
  why: "What one year's material has encrypted is all that its loss would open.",
  remedy: "Set enableKeyRotation on the key; AWS keeps the old material for what it encrypted.",
  enforcement: everywhere,
  controls: [
    control("pci", "3.6"),
    control("cis-aws", "3.6"),
    control("iso27001", "A.8.24"),
    control("nist", "PR.DS-01"),
  ],
  types: ["aws:kms/key:Key"],
  judge: (key) =>
    key.text("keyUsage") === "SIGN_VERIFY" || key.value("enableKeyRotation") === true
      ? []
      : [{ resource: key, property: "enableKeyRotation", found: "off", wanted: "on" }],
  examples: {
    passing: { type: "aws:kms/key:Key", props: { enableKeyRotation: true } },
    failing: { type: "aws:kms/key:Key", props: { description: "data" } },
  },
};
