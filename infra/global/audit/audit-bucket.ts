import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";

export interface AuditBucketArgs {
  readonly bucket: string;
  readonly keyArn: Input<string>;
  readonly policy: string;
  /** For how many days an object is kept, and locked where there is a lock. */
  readonly days: number;
  /** GOVERNANCE may be lifted by whoever has the right to; COMPLIANCE by nobody, the account's root included. */
  readonly lock: "GOVERNANCE" | "COMPLIANCE" | null;
  readonly protectData: boolean;
}

/** A bucket for records about the account: versioned, encrypted, closed to the public, and locked where that is possible. */
export class AuditBucket extends ComponentResource {
  /** Known once its policy lets AWS deliver. */
  readonly name: Output<string>;

  constructor(name: string, args: AuditBucketArgs, opts?: ComponentResourceOptions) {
    super("castle:audit:AuditBucket", name, {}, opts);
    const here = { parent: this };

    const bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      { bucket: args.bucket, objectLockEnabled: args.lock !== null, forceDestroy: !args.protectData },
      { ...here, protect: args.protectData },
    );
    const of = { bucket: bucket.bucket };
    new aws.s3.BucketOwnershipControls(
      `${name}-owner`,
      { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } },
      here,
    );
    const closed = new aws.s3.BucketPublicAccessBlock(
      `${name}-closed`,
      {
        ...of,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      here,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        ...of,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: args.keyArn },
            bucketKeyEnabled: true,
          },
        ],
      },
      here,
    );
    const versioned = new aws.s3.BucketVersioning(
      `${name}-versions`,
      { ...of, versioningConfiguration: { status: "Enabled" } },
      here,
    );
    if (args.lock)
      new aws.s3.BucketObjectLockConfiguration(
        `${name}-lock`,
        { ...of, rule: { defaultRetention: { mode: args.lock, days: args.days } } },
        { ...here, dependsOn: [versioned] },
      );
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        ...of,
        rules: [
          {
            id: "kept-for-so-long",
            status: "Enabled",
            filter: { prefix: "" },
            expiration: { days: args.days + 1 },
            noncurrentVersionExpiration: { noncurrentDays: 30 },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      { ...here, dependsOn: [versioned] },
    );
    const policy = new aws.s3.BucketPolicy(
      `${name}-policy`,
      { ...of, policy: args.policy },
      { ...here, dependsOn: [closed] },
    );

    this.name = policy.bucket;
    this.registerOutputs({ name: this.name });
  }
}
