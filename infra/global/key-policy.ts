import { policyDocument, type Statement } from "../policy-document.ts";

/**
 * Policy of a KMS key: its account's IAM policies decide who administers it, and `uses` who uses it.
 *
 * In a key's policy the resource "*" is this key and no other. Without the first statement a key can become one that
 * nobody may ever change again: KMS, unlike other services, does not grant the account's root anything by itself.
 */
export const keyPolicy = (account: string, uses: readonly Statement[]): string =>
  policyDocument([
    {
      Sid: "AccountDecides",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: ["kms:*"],
      Resource: ["*"],
    },
    ...uses,
  ]);

const USE = [
  "kms:DescribeKey",
  "kms:Decrypt",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

/** Lets an AWS service use the key for this account's resources, and for nobody else's. */
export const usedByService = (
  sid: string,
  service: string,
  condition: NonNullable<Statement["Condition"]>,
): Statement => ({
  Sid: sid,
  Effect: "Allow",
  Principal: { Service: service },
  Action: USE,
  Resource: ["*"],
  Condition: condition,
});

/** CloudWatch Logs names the log group it encrypts for in the encryption context; only this prefix may use the key. */
export const usedByLogs = (region: string, account: string, prefix: string): Statement =>
  usedByService("LogsUse", `logs.${region}.amazonaws.com`, {
    ArnLike: {
      "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${region}:${account}:log-group:${prefix}*`,
    },
  });
