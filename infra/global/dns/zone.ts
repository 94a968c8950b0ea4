import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import type { CellContext } from "../../cell/context.ts";
import { keyPolicy } from "../key-policy.ts";

export interface DnsZoneArgs {
  readonly context: CellContext;
  /** Of us-east-1: Route 53's control plane and the key that signs zones are there. */
  readonly front: aws.Provider;
  /** Is told when the zone cannot be signed any more. */
  readonly alarmTopicArn: Input<string>;
}

/**
 * The platform's zone, signed. No answer in it changes when a cell is lost: every name leads to the accelerator or to
 * CloudFront, and they find the cell that is alive. So a failover never waits for DNS, nor for Route 53's control plane.
 */
export class DnsZone extends ComponentResource {
  readonly zoneId: Output<string>;
  /** For the registrar, who delegates to them. */
  readonly nameServers: Output<string[]>;
  /** For the registrar, who vouches with it for the zone's signatures. */
  readonly dsRecord: Output<string>;

  constructor(name: string, { context, front, alarmTopicArn }: DnsZoneArgs, opts?: ComponentResourceOptions) {
    super("castle:global:DnsZone", name, {}, opts);
    const { settings, names } = context;
    const here = { parent: this, provider: front };
    const kept = { ...here, protect: settings.profile.protectData };

    const zone = new aws.route53.Zone(
      `${name}-zone`,
      { name: settings.domain, comment: `${names.prefix}, managed by Pulumi`, forceDestroy: false },
      kept,
    );
    const key = new aws.kms.Key(
      `${name}-signing-key`,
      {
        description: `${names.prefix}: signs ${settings.domain}`,
        // What Route 53 asks of it: this curve, in us-east-1. AWS rotates no key that signs.
        customerMasterKeySpec: "ECC_NIST_P256",
        keyUsage: "SIGN_VERIFY",
        deletionWindowInDays: 30,
        policy: signingKeyPolicy(settings.account),
      },
      kept,
    );
    const signer = new aws.route53.KeySigningKey(
      `${name}-signer`,
      {
        hostedZoneId: zone.zoneId,
        // Route 53 takes letters, digits and underscores here.
        name: names.prefix.replaceAll("-", "_"),
        keyManagementServiceArn: key.arn,
        status: "ACTIVE",
      },
      kept,
    );
    new aws.route53.HostedZoneDnsSec(
      `${name}-signed`,
      { hostedZoneId: zone.zoneId, signingStatus: "SIGNING" },
      { ...kept, dependsOn: [signer] },
    );
    for (const { metric, means } of signingAlarms)
      new aws.cloudwatch.MetricAlarm(
        `${name}-${metric}`,
        {
          namespace: "AWS/Route53",
          metricName: metric,
          dimensions: { HostedZoneId: zone.zoneId },
          alarmDescription: means,
          statistic: "Sum",
          // Route 53 tells these once every four hours.
          period: 14_400,
          evaluationPeriods: 1,
          threshold: 1,
          comparisonOperator: "GreaterThanOrEqualToThreshold",
          treatMissingData: "notBreaching",
          alarmActions: [alarmTopicArn],
        },
        here,
      );
    new aws.route53.Record(
      `${name}-caa`,
      { zoneId: zone.zoneId, name: settings.domain, type: "CAA", ttl: 3_600, records: [...caaRecords] },
      here,
    );

    this.zoneId = zone.zoneId;
    this.nameServers = zone.nameServers;
    this.dsRecord = signer.dsRecord;
    this.registerOutputs({ zoneId: this.zoneId, nameServers: this.nameServers, dsRecord: this.dsRecord });
  }
}

/** Amazon's authorities alone may issue for the domain, under each of the names by which they are known; no wildcards. */
export const caaRecords: readonly string[] = [
  '0 issue "amazon.com"',
  '0 issue "amazontrust.com"',
  '0 issue "awstrust.com"',
  '0 issue "amazonaws.com"',
  '0 issuewild ";"',
];

/** A zone whose key cannot be used goes on being served until its signatures run out: there are days to act in. */
const signingAlarms = [
  {
    metric: "DNSSECInternalFailure",
    means: "The zone cannot be signed; once its signatures have run out, resolvers refuse its answers.",
  },
  {
    metric: "DNSSECKeySigningKeysNeedingAction",
    means: "Route 53 cannot use the zone's signing key: look whether the KMS key is enabled, and its policy.",
  },
] as const;

export const signingKeyPolicy = (account: string): string =>
  keyPolicy(account, [
    {
      Sid: "Route53Signs",
      Effect: "Allow",
      Principal: { Service: "dnssec-route53.amazonaws.com" },
      Action: ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"],
      Resource: ["*"],
      Condition: {
        StringEquals: { "aws:SourceAccount": account },
        ArnLike: { "aws:SourceArn": "arn:aws:route53:::hostedzone/*" },
      },
    },
    {
      Sid: "Route53Grants",
      Effect: "Allow",
      Principal: { Service: "dnssec-route53.amazonaws.com" },
      Action: ["kms:CreateGrant"],
      Resource: ["*"],
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ]);
