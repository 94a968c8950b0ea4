import type {
  ListObjectsV2Output,
  ListObjectsV2Request,
  ListObjectVersionsOutput,
  ListObjectVersionsRequest,
} from "@aws-sdk/client-s3";
import { clientFault } from "../fault.ts";
import { pageOf } from "../paginate.ts";
import type { Bucket, Version } from "./bucket.ts";

/** S3 gives no more than so many, whatever is asked for. */
const MOST = 1_000;

/** The newest version of each key that is not behind a delete marker, by key, a page at a time. */
export function listObjects(bucket: Bucket, input: ListObjectsV2Request): ListObjectsV2Output {
  const { Prefix = "", StartAfter, ContinuationToken, EncodingType } = input;
  const present = bucket
    .versions(Prefix)
    .filter((version) => version === bucket.newest(version.key) && !version.deleteMarker)
    .filter(({ key }) => StartAfter === undefined || key > StartAfter);
  const most = Math.min(input.MaxKeys ?? MOST, MOST);
  const page = pageOf(present, ({ key }) => key, { MaxRecords: most, Marker: ContinuationToken });
  if (page === null) throw clientFault("InvalidArgument", "The continuation token provided is incorrect");
  const spelt = spelling(EncodingType);
  return {
    Name: bucket.name,
    Prefix: spelt(Prefix),
    MaxKeys: most,
    KeyCount: page.items.length,
    IsTruncated: page.Marker !== undefined,
    ...(EncodingType !== undefined && { EncodingType }),
    ...(ContinuationToken !== undefined && { ContinuationToken }),
    ...(page.Marker !== undefined && { NextContinuationToken: page.Marker }),
    Contents: page.items.map((version) => ({
      ...told(version),
      Key: spelt(version.key),
    })),
  };
}

/** Every version and every delete marker, by key and the newest first, a page at a time. */
export function listVersions(bucket: Bucket, input: ListObjectVersionsRequest): ListObjectVersionsOutput {
  const { Prefix = "", KeyMarker, VersionIdMarker, EncodingType } = input;
  if (VersionIdMarker !== undefined && KeyMarker === undefined)
    throw clientFault("InvalidArgument", "A version-id marker cannot be specified without a key marker.");
  const all = bucket.versions(Prefix);
  const rest = all.slice(startOf(all, KeyMarker, VersionIdMarker));
  const most = Math.min(input.MaxKeys ?? MOST, MOST);
  const page = rest.slice(0, most);
  const last = page.at(-1);
  const spelt = spelling(EncodingType);
  const entry = (version: Version) => ({
    Key: spelt(version.key),
    VersionId: version.versionId,
    IsLatest: version === bucket.newest(version.key),
    LastModified: new Date(version.writtenAt),
  });
  return {
    Name: bucket.name,
    Prefix: spelt(Prefix),
    MaxKeys: most,
    IsTruncated: page.length < rest.length,
    ...(EncodingType !== undefined && { EncodingType }),
    ...(page.length < rest.length &&
      last && { NextKeyMarker: spelt(last.key), NextVersionIdMarker: last.versionId }),
    Versions: page
      .filter(({ deleteMarker }) => !deleteMarker)
      .map((version) => ({ ...told(version), ...entry(version) })),
    DeleteMarkers: page.filter(({ deleteMarker }) => deleteMarker).map(entry),
  };
}

/** Behind the version that the markers name; behind every version of the key, when they name the key alone. */
function startOf(all: readonly Version[], key: string | undefined, versionId: string | undefined): number {
  if (key === undefined) return 0;
  if (versionId === undefined) {
    const behind = all.findIndex((version) => version.key > key);
    return behind === -1 ? all.length : behind;
  }
  const at = all.findIndex((version) => version.key === key && version.versionId === versionId);
  if (at === -1) throw clientFault("InvalidArgument", "Invalid version id specified");
  return at + 1;
}

const told = (version: Version) => ({
  LastModified: new Date(version.writtenAt),
  ETag: version.etag,
  Size: version.size,
  StorageClass: "STANDARD" as const,
});

/** A client may ask for keys as they stand in a URL, since XML cannot hold every character. */
const spelling =
  (encoding: string | undefined) =>
  (key: string): string =>
    encoding === "url" ? encodeURIComponent(key).replaceAll("%2F", "/") : key;
