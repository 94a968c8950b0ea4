import type { ListObjectVersionsCommandOutput, S3Client } from "@aws-sdk/client-s3";
import type { Duration } from "@castle/regions/duration.ts";
import {
  COMPLIANCE,
  type EvidenceBucket,
  type StoredContent,
  type StoredObject,
} from "../evidence/bucket/bucket.ts";
import type { CellRegion } from "../target.ts";
import { sdk } from "./sdk.ts";

export interface BucketSettings {
  readonly region: CellRegion;
  readonly name: string;
  /** How long a line is locked from when it is written. */
  readonly retention: Duration;
}

/** What keeps the objects of a bucket. */
export interface Safeguards {
  readonly objectLock: boolean;
  readonly versioning: boolean;
}

/** A bucket of S3 that keeps evidence. Rejects with the SDK's errors, and repeats nothing by itself. */
export class S3EvidenceBucket implements EvidenceBucket {
  readonly region: CellRegion;
  readonly name: string;
  readonly #client: () => S3Client;
  readonly #retention: Duration;

  /** @param client called once something is asked of the bucket */
  constructor(client: () => S3Client, { region, name, retention }: BucketSettings) {
    this.region = region;
    this.name = name;
    this.#client = client;
    this.#retention = retention;
  }

  async put(key: string, line: string, signal?: AbortSignal): Promise<"written" | "taken"> {
    const command = new sdk.s3.PutObjectCommand({
      ...{ Bucket: this.name, Key: key, Body: Buffer.from(line), ContentType: "application/json" },
      IfNoneMatch: "*",
      ObjectLockMode: COMPLIANCE,
      ObjectLockRetainUntilDate: new Date(Date.now() + this.#retention.ms),
    });
    try {
      await this.#client().send(command, aborted(signal));
      return "written";
    } catch (error) {
      if (isRefusal(error, "PreconditionFailed")) return "taken";
      throw error;
    }
  }

  async list(prefix: string, signal?: AbortSignal): Promise<readonly StoredObject[]> {
    const found: StoredObject[] = [];
    let from: Pick<ListObjectVersionsCommandOutput, "NextKeyMarker" | "NextVersionIdMarker"> = {};
    for (;;) {
      const page = await this.#client().send(
        new sdk.s3.ListObjectVersionsCommand({
          ...{ Bucket: this.name, Prefix: prefix },
          KeyMarker: from.NextKeyMarker,
          VersionIdMarker: from.NextVersionIdMarker,
        }),
        aborted(signal),
      );
      found.push(...(page.Versions ?? []).map((version) => stored(version, false)));
      found.push(...(page.DeleteMarkers ?? []).map((marker) => stored(marker, true)));
      if (!page.IsTruncated) break;
      from = page;
    }
    return found.sort((a, b) => (a.key === b.key ? b.writtenAt - a.writtenAt : a.key < b.key ? -1 : 1));
  }

  async read({ key, versionId }: StoredObject, signal?: AbortSignal): Promise<StoredContent> {
    const object = await this.#client().send(
      new sdk.s3.GetObjectCommand({ Bucket: this.name, Key: key, VersionId: versionId }),
      aborted(signal),
    );
    const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until } = object;
    return {
      bytes: (await object.Body?.transformToByteArray()) ?? new Uint8Array(),
      retention: mode === undefined || until === undefined ? null : { mode, until: until.getTime() },
    };
  }

  async safeguards(): Promise<Safeguards> {
    const Bucket = this.name;
    const [objectLock, versioning] = await Promise.all([
      this.#client()
        .send(new sdk.s3.GetObjectLockConfigurationCommand({ Bucket }))
        .then(
          ({ ObjectLockConfiguration }) => ObjectLockConfiguration?.ObjectLockEnabled === "Enabled",
          (error: unknown) => {
            if (isRefusal(error, "ObjectLockConfigurationNotFoundError")) return false;
            throw error;
          },
        ),
      this.#client().send(new sdk.s3.GetBucketVersioningCommand({ Bucket })),
    ]);
    return { objectLock, versioning: versioning.Status === "Enabled" };
  }
}

const aborted = (signal: AbortSignal | undefined) => (signal ? { abortSignal: signal } : {});

const isRefusal = (error: unknown, name: string): boolean =>
  error instanceof sdk.s3.S3ServiceException && error.name === name;

const stored = (
  {
    Key = "",
    VersionId = "",
    LastModified,
    Size = 0,
  }: {
    Key?: string | undefined;
    VersionId?: string | undefined;
    LastModified?: Date | undefined;
    Size?: number | undefined;
  },
  isDeleteMarker: boolean,
): StoredObject => ({
  ...{ key: Key, versionId: VersionId, isDeleteMarker },
  writtenAt: LastModified?.getTime() ?? 0,
  size: Size,
});
