import type { BucketKind } from "../../names.ts";
import { policyDocument, type Statement } from "../../policy-document.ts";
import { logPrefixes } from "./log-prefixes.ts";

export interface BucketPolicyArgs {
  readonly kind: BucketKind;
  /** The bucket's name. */
  readonly bucket: string;
  readonly account: string;
  /** Whether there is a distribution that reads the frontend. */
  readonly distribution: boolean;
}

/** Who gets at a bucket beside those whom IAM lets, and how nobody does. Pure. */
export function bucketPolicy({ kind, bucket, account, distribution }: BucketPolicyArgs): string {
  const arn = `arn:aws:s3:::${bucket}`;
  return policyDocument([
    ...tlsOnly(arn),
    ...(kind === "frontend" && distribution ? [readByDistribution(arn, account)] : []),
    ...(kind === "logs" ? writtenByAws(arn, account) : []),
  ]);
}

/** Denials are of everything to everyone, so there is nothing to narrow. */
const tlsOnly = (arn: string): Statement[] => [
  {
    Sid: "RefuseWithoutTls",
    Effect: "Deny",
    Principal: "*",
    Action: ["s3:*"],
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  },
  {
    Sid: "RefuseOldTls",
    Effect: "Deny",
    Principal: "*",
    Action: ["s3:*"],
    Resource: [arn, `${arn}/*`],
    Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
  },
];

/** By origin access control. The distribution is the home cell's, and the peer's stack does not know its id. */
const readByDistribution = (arn: string, account: string): Statement => ({
  Sid: "ReadByOurDistributions",
  Effect: "Allow",
  Principal: { Service: "cloudfront.amazonaws.com" },
  Action: ["s3:GetObject"],
  Resource: [`${arn}/*`],
  Condition: {
    StringEquals: { "aws:SourceAccount": account },
    ArnLike: { "aws:SourceArn": `arn:aws:cloudfront::${account}:distribution/*` },
  },
});

/** Each writer under its own prefix, and for this account alone. */
function writtenByAws(arn: string, account: string): Statement[] {
  const ours = { StringEquals: { "aws:SourceAccount": account } };
  const under = (prefix: string) => [`${arn}/${prefix}/AWSLogs/${account}/*`];
  return [
    {
      Sid: "LoadBalancersWrite",
      Effect: "Allow",
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Action: ["s3:PutObject"],
      Resource: under(logPrefixes.loadBalancer),
      Condition: ours,
    },
    {
      Sid: "BucketsWrite",
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: ["s3:PutObject"],
      Resource: [`${arn}/${logPrefixes.buckets}/*`],
      Condition: ours,
    },
    {
      // The accelerator's flow logs and CloudFront's access logs are delivered by one and the same service.
      Sid: "DeliveriesWrite",
      Effect: "Allow",
      Principal: { Service: "delivery.logs.amazonaws.com" },
      Action: ["s3:PutObject"],
      Resource: [...under(logPrefixes.accelerator), ...under(logPrefixes.frontend)],
      Condition: {
        StringEquals: { ...ours.StringEquals, "s3:x-amz-acl": "bucket-owner-full-control" },
      },
    },
    {
      Sid: "DeliveriesLookWhoseItIs",
      Effect: "Allow",
      Principal: { Service: "delivery.logs.amazonaws.com" },
      Action: ["s3:GetBucketAcl", "s3:ListBucket"],
      Resource: [arn],
      Condition: ours,
    },
  ];
}
