import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import type { CellContext } from "../../cell/context.ts";
import { keyPolicy, usedByService } from "../key-policy.ts";
import { AuditBucket } from "./audit-bucket.ts";
import { configBucketPolicy, trailBucketPolicy } from "./bucket-policies.ts";
import { Detection } from "./detection.ts";
import { FindingsNotices } from "./findings-notices.ts";
import { auditNamesOf } from "./names.ts";
import { Recording } from "./recording.ts";

export interface RegionalAuditArgs {
  readonly context: CellContext;
  /** Where the cell's alarms are told. */
  readonly topicArn: Input<string>;
}

/**
 * What was done in the account, recorded where the cell stands. The home cell's trail hears every region; the peer's
 * hears its own, and keeps it there: what operators do in a failover is on record in a place that was not lost, and the
 * peer's stack asks nothing of the home region.
 */
export class RegionalAudit extends ComponentResource {
  readonly trailBucket: Output<string>;
  readonly trailArn: Output<string>;

  constructor(name: string, { context, topicArn }: RegionalAuditArgs, opts?: ComponentResourceOptions) {
    super("castle:cell:RegionalAudit", name, {}, opts);
    const { settings, home } = context;
    const { protectData, keep } = settings.profile;
    const names = auditNamesOf(context);
    const here = { parent: this };
    const kept = { ...here, protect: protectData };

    const key = new aws.kms.Key(
      `${name}-key`,
      {
        description: `${context.names.prefix}: the account's records in ${settings.region}`,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: auditKeyPolicy(settings.account, names.trailArn),
      },
      kept,
    );
    const trailBucket = new AuditBucket(
      `${name}-trail`,
      {
        bucket: names.trailBucket,
        keyArn: key.arn,
        policy: trailBucketPolicy(names.trailBucket, settings.account, names.trailArn),
        days: keep.logDays,
        lock: settings.profile.name === "production" ? "COMPLIANCE" : "GOVERNANCE",
        protectData,
      },
      here,
    );
    const configBucket = new AuditBucket(
      `${name}-config`,
      {
        bucket: names.configBucket,
        keyArn: key.arn,
        policy: configBucketPolicy(names.configBucket, settings.account),
        days: keep.logDays,
        // AWS Config delivers to no bucket with a lock.
        lock: null,
        protectData,
      },
      here,
    );
    const trail = new aws.cloudtrail.Trail(
      `${name}-trail`,
      {
        name: names.trail,
        s3BucketName: trailBucket.name,
        kmsKeyId: key.arn,
        enableLogging: true,
        enableLogFileValidation: true,
        isMultiRegionTrail: home,
        includeGlobalServiceEvents: home,
      },
      kept,
    );
    new Recording(
      `${name}-recording`,
      { account: settings.account, bucket: configBucket.name, keyArn: key.arn, globalResources: home },
      here,
    );
    new Detection(`${name}-detection`, { region: settings.region, watches: "cell" }, here);
    new FindingsNotices(`${name}-findings`, { topicArn }, here);

    this.trailBucket = trailBucket.name;
    this.trailArn = trail.arn;
    this.registerOutputs({ trailBucket: this.trailBucket, trailArn: this.trailArn });
  }
}

export const auditKeyPolicy = (account: string, trailArn: string): string =>
  keyPolicy(account, [
    usedByService("TrailUses", "cloudtrail.amazonaws.com", { StringEquals: { "aws:SourceArn": trailArn } }),
    usedByService("ConfigUses", "config.amazonaws.com", { StringEquals: { "aws:SourceAccount": account } }),
  ]);
