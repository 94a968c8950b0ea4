import type { RegionName } from "@castle/regions/catalogue.ts";
import { policyDocument, type Statement } from "../../policy-document.ts";

/** In a key's own policy this means the key. */
const THIS_KEY = ["*"];

const ENCRYPT = ["kms:Decrypt", "kms:GenerateDataKey"];

/**
 * Who may use the cell's key in its region. The first statement gives it to the account's IAM, without which nobody could
 * change the policy again; stores and volumes are then encrypted for whoever their own policies let. The others name the
 * services that act by themselves, each for this account alone, and for what it encrypts there. Pure.
 *
 * Auto Scaling starts nodes with encrypted volumes through its service-linked role, which KMS refuses to name before it
 * is there: once an account, `aws iam create-service-linked-role --aws-service-name autoscaling.amazonaws.com`.
 */
export function keyPolicy(account: string, region: RegionName): string {
  const autoScaling = `arn:aws:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
  const statements: Statement[] = [
    {
      Sid: "TheAccountDecidesByIam",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: ["kms:*"],
      Resource: THIS_KEY,
    },
    {
      Sid: "LogGroupsOfThisRegion",
      Effect: "Allow",
      Principal: { Service: `logs.${region}.amazonaws.com` },
      Action: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
      Resource: THIS_KEY,
      Condition: {
        ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${region}:${account}:log-group:*` },
      },
    },
    {
      Sid: "AlarmsAndEventsTellEncryptedTopicsAndQueues",
      Effect: "Allow",
      Principal: {
        Service: ["cloudwatch.amazonaws.com", "events.amazonaws.com"],
      },
      Action: ENCRYPT,
      Resource: THIS_KEY,
      Condition: { StringEquals: { "aws:SourceAccount": account } },
    },
    {
      Sid: "VolumesOfNodes",
      Effect: "Allow",
      Principal: { AWS: autoScaling },
      Action: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
      Resource: THIS_KEY,
    },
    {
      Sid: "VolumesOfNodesWhileTheyRun",
      Effect: "Allow",
      Principal: { AWS: autoScaling },
      Action: ["kms:CreateGrant"],
      Resource: THIS_KEY,
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
  return policyDocument(statements);
}
