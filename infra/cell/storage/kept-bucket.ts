import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { BucketKind } from "../../names.ts";
import type { CellContext } from "../context.ts";
import type { KeyPart } from "../parts.ts";
import type { BucketPlan } from "./bucket-kinds.ts";
import { bucketPolicy } from "./bucket-policies.ts";
import { lifecycleRules } from "./lifecycle-rules.ts";

export interface KeptBucketArgs {
  readonly context: CellContext;
  readonly keys: KeyPart;
  readonly kind: BucketKind;
  readonly plan: BucketPlan;
}

/** A bucket with everything that each of them has: versions, encryption, no public access, TLS alone, an end of life. */
export class KeptBucket extends ComponentResource {
  readonly bucketName: Output<string>;
  readonly arn: Output<string>;
  readonly versioning: aws.s3.BucketVersioning;

  constructor(name: string, { context, keys, kind, plan }: KeptBucketArgs, opts?: ComponentResourceOptions) {
    super("castle:cell:KeptBucket", name, {}, opts);
    const { names, settings } = context;
    const { protectData, globalTier } = settings.profile;
    const physical = names.bucket(kind, settings.region);
    const inside = { parent: this };

    const bucket = new aws.s3.Bucket(
      name,
      {
        bucket: physical,
        forceDestroy: !protectData,
        // Only at its birth for sure, so it is said here as well as in the configuration below.
        objectLockEnabled: plan.lock !== null,
      },
      { parent: this, protect: protectData },
    );
    const blocked = new aws.s3.BucketPublicAccessBlock(
      name,
      {
        bucket: bucket.id,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      inside,
    );
    const owned = new aws.s3.BucketOwnershipControls(
      name,
      { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } },
      inside,
    );
    this.versioning = new aws.s3.BucketVersioning(
      name,
      { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
      inside,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      name,
      {
        bucket: bucket.id,
        rules: [
          plan.encryption.by === "kms"
            ? {
                applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keys.keyArn },
                // One call to KMS for many objects, not one for each.
                bucketKeyEnabled: true,
              }
            : { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
        ],
      },
      inside,
    );
    new aws.s3.BucketPolicy(
      name,
      {
        bucket: bucket.id,
        policy: bucketPolicy({
          kind,
          bucket: physical,
          account: settings.account,
          distribution: globalTier,
        }),
      },
      // S3 refuses two changes of a bucket's access at the same time.
      { parent: this, dependsOn: [blocked, owned] },
    );
    if (plan.lock)
      new aws.s3.BucketObjectLockConfiguration(
        name,
        { bucket: bucket.id, rule: { defaultRetention: plan.lock } },
        { parent: this, dependsOn: [this.versioning] },
      );
    new aws.s3.BucketLifecycleConfiguration(
      name,
      { bucket: bucket.id, rules: lifecycleRules(plan.lifecycle) },
      // Rules for old versions want versions.
      { parent: this, dependsOn: [this.versioning] },
    );

    this.bucketName = bucket.bucket;
    this.arn = bucket.arn;
    this.registerOutputs({ bucketName: this.bucketName });
  }
}
