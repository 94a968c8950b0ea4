import { createHash } from "node:crypto";
import type {
  DescribeSecretResponse,
  ReplicationStatusType,
  SecretListEntry,
} from "@aws-sdk/client-secrets-manager";
import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import type { Secret } from "../holdings.ts";

/** Where secrets are written; the other region holds replicas. */
const primary = homeRegion;

/** AWS ends the name in an ARN with six characters of its own, the same in every region. */
export const secretArn = ({ name }: Secret, region: string, account: string): string => {
  const suffix = createHash("sha256").update(name).digest("hex").slice(0, 6);
  return `arn:aws:secretsmanager:${region}:${account}:secret:${name}-${suffix}`;
};

const described = (secret: Secret, region: string, account: string) => ({
  ARN: secretArn(secret, region, account),
  Name: secret.name,
  Description: secret.purpose,
  CreatedDate: secret.createdAt,
  LastChangedDate: secret.createdAt,
  PrimaryRegion: primary,
});

const versions = ({ versionId }: Secret) => ({ [versionId]: ["AWSCURRENT"] });

export const listSecret = (secret: Secret, region: string, account: string): SecretListEntry => ({
  ...described(secret, region, account),
  SecretVersionsToStages: versions(secret),
});

/** @param isIn whether a region has the secret. The primary alone tells of its replicas. */
export const describeSecret = (
  secret: Secret,
  region: string,
  account: string,
  isIn: (region: string) => boolean,
): DescribeSecretResponse => ({
  ...described(secret, region, account),
  VersionIdsToStages: versions(secret),
  ...(region === primary && { ReplicationStatus: [replicaStatus(isIn)] }),
});

const replicaStatus = (isIn: (region: string) => boolean): ReplicationStatusType => ({
  Region: peerRegion,
  KmsKeyId: "alias/aws/secretsmanager",
  ...(isIn(peerRegion)
    ? { Status: "InSync", StatusMessage: "Replication succeeded" }
    : { Status: "Failed", StatusMessage: "Replication failed: the region does not have the secret" }),
});
