import { control } from "../frameworks.ts";
import { exceptPreview, type StackRule } from "../rule.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";

export const evidenceIsLocked: StackRule = {
  about: "stack",
  name: "evidence-is-locked",
  area: "recovery",
  severity: "high",
  what: "The bucket for runbooks' evidence is under Object Lock in compliance mode for as long as the profile keeps it.",
  why: "Evidence of a recovery that its operators could alter proves nothing to an auditor.",
  remedy:
    "Set objectLockEnabled, and a default retention in mode COMPLIANCE under the bucket's logical name.",
  enforcement: exceptPreview,
  controls: [
    control("dora", "Art. 12(2)"),
    control("mica", "Art. 68(9)"),
    control("iso27001", "A.5.28"),
    control("iso27001", "A.5.33"),
    control("pci", "10.3.2"),
  ],
  judge: (stack, { profile }) => {
    const evidence = stack.ofType(BUCKET).filter((bucket) => bucket.text("bucket")?.includes("-evidence-"));
    return stack.judgeEach(evidence, (bucket) => {
      const lock = stack.ofType(LOCK).find(({ name }) => name === bucket.name);
      const days = lock?.number("rule.defaultRetention.days") ?? 0;
      const mode = lock?.text("rule.defaultRetention.mode") ?? "none";
      const wanted = profile.keep.evidenceDays;
      return [
        ...(bucket.value("objectLockEnabled") === true
          ? []
          : [{ resource: bucket, property: "objectLockEnabled", found: "off", wanted: "on" }]),
        ...(mode === "COMPLIANCE" && days >= wanted
          ? []
          : [
              {
                resource: lock ?? bucket,
                property: "rule.defaultRetention",
                found: `${mode}, ${days} days`,
                wanted: `COMPLIANCE, ${wanted} days`,
              },
            ]),
      ];
    });
  },
  examples: {
    passing: [
      { type: BUCKET, name: "evidence", props: { bucket: "castle-evidence-1", objectLockEnabled: true } },
      {
        type: LOCK,
        name: "evidence",
        props: { rule: { defaultRetention: { mode: "COMPLIANCE", days: 2555 } } },
      },
    ],
    failing: [
      { type: BUCKET, name: "evidence", props: { bucket: "castle-evidence-1", objectLockEnabled: true } },
      {
        type: LOCK,
        name: "evidence",
        props: { rule: { defaultRetention: { mode: "GOVERNANCE", days: 2555 } } },
      },
    ],
  },
};
