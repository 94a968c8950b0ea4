import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/mrk-0a1b2c3d4e5f60708090a0b0c0d0e0f0";

export const trailCannotBeAlteredUnseen: ResourceRule = {
  about: "resource",
  name: "trail-cannot-be-altered-unseen",
  area: "observability",
  severity: "high",
  what: "The trail of what was done in the account is signed, and encrypted with a key of ours.",
  why: "An auditor believes what nobody could have changed afterwards.",
  remedy: "Set enableLogFileValidation and kmsKeyId on the trail.",
  enforcement: everywhere,
  controls: [
    control("pci", "10.3"),
    control("cis-aws", "3.2"),
    control("iso27001", "A.8.15"),
    control("soc2", "CC7.2"),
  ],
  types: ["aws:cloudtrail/trail:Trail"],
  judge: (trail) => [
    ...(trail.value("enableLogFileValidation") === true
      ? []
      : [{ resource: trail, property: "enableLogFileValidation", found: "off", wanted: "on" }]),
    ...(trail.has("kmsKeyId")
      ? []
      : [{ resource: trail, property: "kmsKeyId", found: "AWS's own key", wanted: "a key of ours" }]),
  ],
  examples: {
    passing: { type: "aws:cloudtrail/trail:Trail", props: { enableLogFileValidation: true, kmsKeyId: KEY } },
    failing: { type: "aws:cloudtrail/trail:Trail", props: { enableLogFileValidation: false, kmsKeyId: KEY } },
  },
};
