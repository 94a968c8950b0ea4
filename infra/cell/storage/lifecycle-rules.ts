import type { types } from "@pulumi/aws";
import type { Lifecycle } from "./bucket-kinds.ts";

type Rule = types.input.s3.BucketLifecycleConfigurationRule;

/** S3's rules for a life in days. Uploads that were never ended cost, and are seen by nobody. Pure. */
export function lifecycleRules({ coldAfter, expireAfter, forgetOldVersionsAfter }: Lifecycle): Rule[] {
  const rule = (id: string, what: Partial<Rule>): Rule => ({ id, status: "Enabled", filter: {}, ...what });
  return [
    rule("abandoned-uploads", { abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } }),
    rule("old-versions", { noncurrentVersionExpiration: { noncurrentDays: forgetOldVersionsAfter } }),
    ...(coldAfter === null
      ? []
      : [rule("cold", { transitions: [{ days: coldAfter, storageClass: "GLACIER_IR" }] })]),
    ...(expireAfter === null ? [] : [rule("end", { expiration: { days: expireAfter } })]),
  ];
}
