import { policyDocument, type Statement } from "../../policy-document.ts";

/** AWS's own word for how it delivers: the account that owns the bucket owns what is in it. */
const OWNER = { "s3:x-amz-acl": "bucket-owner-full-control" };

/** CloudTrail may write this trail's files, and nobody speaks to the bucket but over TLS. */
export const trailBucketPolicy = (bucket: string, account: string, trailArn: string): string => {
  const fromTrail = { "aws:SourceArn": trailArn };
  const service = { Service: "cloudtrail.amazonaws.com" };
  return policyDocument([
    onlyTls(bucket),
    allow("TrailLooks", service, ["s3:GetBucketAcl"], `arn:aws:s3:::${bucket}`, fromTrail),
    allow("TrailWrites", service, ["s3:PutObject"], `arn:aws:s3:::${bucket}/AWSLogs/${account}/*`, {
      ...fromTrail,
      ...OWNER,
    }),
  ]);
};

/** AWS Config may write this account's history. */
export const configBucketPolicy = (bucket: string, account: string): string => {
  const fromAccount = { "aws:SourceAccount": account };
  const service = { Service: "config.amazonaws.com" };
  const where = `arn:aws:s3:::${bucket}`;
  return policyDocument([
    onlyTls(bucket),
    allow("ConfigLooks", service, ["s3:GetBucketAcl", "s3:ListBucket"], where, fromAccount),
    allow("ConfigWrites", service, ["s3:PutObject"], `${where}/AWSLogs/${account}/Config/*`, {
      ...fromAccount,
      ...OWNER,
    }),
  ]);
};

const allow = (
  Sid: string,
  Principal: NonNullable<Statement["Principal"]>,
  Action: Statement["Action"],
  resource: string,
  equals: Readonly<Record<string, string>>,
): Statement => ({
  Sid,
  Effect: "Allow",
  Principal,
  Action,
  Resource: [resource],
  Condition: { StringEquals: equals },
});

const onlyTls = (bucket: string): Statement => ({
  Sid: "OnlyTls",
  Effect: "Deny",
  Principal: "*",
  // All of them are refused, so all are named.
  Action: ["s3:*"],
  Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});
