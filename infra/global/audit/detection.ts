import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";

export interface DetectionArgs {
  /** The region watched, which is the provider's. */
  readonly region: string;
  /** What runs there: a cell, or only some of the global tier. */
  readonly watches: "cell" | "account";
}

/** What GuardDuty looks at beside the trail, network and DNS, which it always does. */
export const guardedFeatures = {
  cell: [
    "S3_DATA_EVENTS",
    "EKS_AUDIT_LOGS",
    "EBS_MALWARE_PROTECTION",
    "RDS_LOGIN_EVENTS",
    "RUNTIME_MONITORING",
  ],
  account: ["S3_DATA_EVENTS"],
} as const;

/** Standards that Security Hub holds the account to. */
export const standards = [
  "aws-foundational-security-best-practices/v/1.0.0",
  "cis-aws-foundations-benchmark/v/3.0.0",
] as const;

/** GuardDuty and Security Hub of one region: both see only what happens where they stand. */
export class Detection extends ComponentResource {
  constructor(name: string, { region, watches }: DetectionArgs, opts?: ComponentResourceOptions) {
    super("castle:audit:Detection", name, {}, opts);
    const here = { parent: this };

    const detector = new aws.guardduty.Detector(
      `${name}-guardduty`,
      { enable: true, findingPublishingFrequency: "FIFTEEN_MINUTES" },
      here,
    );
    for (const feature of guardedFeatures[watches])
      new aws.guardduty.DetectorFeature(
        `${name}-guardduty-${feature}`,
        {
          detectorId: detector.id,
          name: feature,
          status: "ENABLED",
          // GuardDuty brings its agent to the cluster's nodes by itself.
          ...(feature === "RUNTIME_MONITORING"
            ? { additionalConfigurations: [{ name: "EKS_ADDON_MANAGEMENT", status: "ENABLED" }] }
            : {}),
        },
        here,
      );
    const hub = new aws.securityhub.Account(
      `${name}-security-hub`,
      {
        // Which standards hold is decided here, not by what AWS turns on by itself.
        enableDefaultStandards: false,
        autoEnableControls: true,
        controlFindingGenerator: "SECURITY_CONTROL",
      },
      here,
    );
    for (const standard of standards)
      new aws.securityhub.StandardsSubscription(
        `${name}-standard-${standard.split("/")[0]}`,
        { standardsArn: `arn:aws:securityhub:${region}::standards/${standard}` },
        { ...here, dependsOn: [hub] },
      );
    this.registerOutputs({});
  }
}
