/**
 * What evidence asks of S3, by the SDK's operation: the actions that IAM wants for it, as it is asked here. Every object is
 * written with a retention and read by its version; that a version's lock is told to who reads it is an action of its own.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export const evidenceOperations: Readonly<Record<string, readonly string[]>> = {
  PutObject: ["s3:PutObject", "s3:PutObjectRetention"],
  GetObject: ["s3:GetObjectVersion", "s3:GetObjectRetention"],
  ListObjectVersions: ["s3:ListBucketVersions"],
  GetObjectLockConfiguration: ["s3:GetBucketObjectLockConfiguration"],
  GetBucketVersioning: ["s3:GetBucketVersioning"],
};

export const evidenceActions: readonly string[] = Object.values(evidenceOperations).flat();
