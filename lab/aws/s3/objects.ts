import {
  type DeleteObjectRequest,
  type GetObjectRequest,
  type HeadObjectRequest,
  NoSuchKey$,
  type PutObjectRequest,
} from "@aws-sdk/client-s3";
import { type AwsFault, clientFault, modelledFault } from "../fault.ts";
import type { Bucket, Version } from "./bucket.ts";
import { checkedChecksums } from "./checksum.ts";
import { askedRetention, requireRemovable } from "./lock.ts";

export function putObject(bucket: Bucket, input: PutObjectRequest) {
  const { Key = "", IfNoneMatch, ContentType, Metadata = {} } = input;
  const body = input.Body instanceof Uint8Array ? input.Body : Buffer.of();
  const checksums = checkedChecksums({ ...input }, body);
  const retention = askedRetention(input, { objectLock: bucket.objectLock, now: bucket.now() });
  if (retention && Object.keys(checksums).length === 0 && input.ContentMD5 === undefined)
    throw clientFault(
      "InvalidRequest",
      "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters",
    );
  if (IfNoneMatch !== undefined && IfNoneMatch !== "*") throw notImplemented("If-None-Match other than *");
  const newest = bucket.newest(Key);
  // As documented, what is behind a delete marker does not count as being there.
  if (IfNoneMatch === "*" && newest !== null && !newest.deleteMarker)
    throw clientFault(
      "PreconditionFailed",
      "At least one of the pre-conditions you specified did not hold",
      412,
    );
  const version = bucket.put({
    ...{ key: Key, body, checksums, retention, metadata: Metadata, contentType: ContentType ?? null },
  });
  return { ETag: version.etag, VersionId: version.versionId, ...checksums };
}

export function getObject(bucket: Bucket, input: GetObjectRequest) {
  const version = requireVersion(bucket, input);
  return { Body: bucket.read(version), ...headersOf(version, input.ChecksumMode) };
}

export function headObject(bucket: Bucket, input: HeadObjectRequest) {
  return headersOf(requireVersion(bucket, input), input.ChecksumMode);
}

/** Without a version, what is there stays, behind a marker. With one, that version goes, once its lock lets it. */
export function deleteObject(bucket: Bucket, input: DeleteObjectRequest) {
  const { Key = "", VersionId, BypassGovernanceRetention: bypassGovernance = false } = input;
  if (VersionId === undefined) {
    const marker = bucket.mark(Key);
    return { DeleteMarker: true, VersionId: marker.versionId };
  }
  const version = bucket.version(Key, VersionId);
  if (version === null) return { VersionId };
  requireRemovable(version.retention, { now: bucket.now(), bypassGovernance });
  bucket.remove(version);
  return { VersionId, ...(version.deleteMarker && { DeleteMarker: true }) };
}

export interface NamedVersion {
  readonly Key: string | undefined;
  readonly VersionId?: string | undefined;
}

/** @throws AwsFault when there is no such object, or it is deleted. */
export function requireVersion(bucket: Bucket, { Key = "", VersionId }: NamedVersion): Version {
  const version = VersionId === undefined ? bucket.newest(Key) : bucket.version(Key, VersionId);
  if (version === null)
    throw VersionId === undefined
      ? modelledFault(NoSuchKey$, "The specified key does not exist.")
      : clientFault("NoSuchVersion", "The specified version does not exist.", 404);
  if (!version.deleteMarker) return version;
  throw VersionId === undefined
    ? modelledFault(NoSuchKey$, "The specified key does not exist.")
    : clientFault("MethodNotAllowed", "The specified method is not allowed against this resource.", 405);
}

const headersOf = (version: Version, checksumMode: string | undefined) => ({
  ETag: version.etag,
  VersionId: version.versionId,
  ContentLength: version.size,
  ContentType: version.contentType ?? "binary/octet-stream",
  LastModified: new Date(version.writtenAt),
  Metadata: version.metadata,
  ...(checksumMode === "ENABLED" && version.checksums),
  ...(version.retention && {
    ObjectLockMode: version.retention.mode,
    ObjectLockRetainUntilDate: new Date(version.retention.until),
  }),
});

/** What S3 says to what it does not have; the lab, to what it leaves out. */
export const notImplemented = (what: string): AwsFault =>
  clientFault(
    "NotImplemented",
    `A header you provided implies functionality that is not implemented: ${what}`,
    501,
  );
