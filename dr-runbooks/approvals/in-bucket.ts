import { unheard } from "@castle/regions/calls/heard.ts";
import { seconds } from "@castle/regions/duration.ts";
import type { EvidenceBucket, StoredObject } from "../evidence/bucket/bucket.ts";
import { type ApprovalPlace, LARGEST_BYTES } from "./place.ts";
import { type SignedFile, textOf } from "./signed-file.ts";

/** Beside the records, which an approver may read and not write. */
export const APPROVALS = "approvals/";

const prefixOf = (execution: string): string => `${APPROVALS}${execution}/`;

/** Puts a signed file, under its name, where a run on any machine looks; locked like the records. */
export async function putInBucket(
  bucket: EvidenceBucket,
  name: string,
  file: SignedFile,
  signal?: AbortSignal,
): Promise<void> {
  await bucket.put(`${prefixOf(file.execution)}${name}`, textOf(file), signal);
}

/**
 * The bucket of a region that outlives what is being done, for approvers at other machines. What is asked while somebody
 * waits stands in no record: a record is copied there, so that each look would be told by another line, without an end.
 */
export const inBucket = (bucket: EvidenceBucket): ApprovalPlace => ({
  name: `s3://${bucket.name} (${bucket.region})`,
  lookEvery: seconds(1),
  list: async (execution, signal) => {
    const prefix = prefixOf(execution);
    const stored = await unheard(() => bucket.list(prefix, signal));
    return oldestOfEach(stored).map((object) => ({
      name: object.key.slice(prefix.length),
      text: () => unheard(() => read(bucket, object, signal)),
    }));
  },
});

/** Whoever writes a key again writes what counts for nothing. Delete markers hide nothing from who names versions. */
function oldestOfEach(stored: readonly StoredObject[]): StoredObject[] {
  const written = stored.filter(({ isDeleteMarker }) => !isDeleteMarker);
  return [...Map.groupBy(written, ({ key }) => key).values()].flatMap((versions) => versions.at(-1) ?? []);
}

async function read(
  bucket: EvidenceBucket,
  object: StoredObject,
  signal: AbortSignal,
): Promise<string | null> {
  if (object.size > LARGEST_BYTES) return null;
  return Buffer.from((await bucket.read(object, signal)).bytes).toString("utf8");
}
