import { type Duration, seconds } from "@castle/regions/duration.ts";
import { reason } from "../cells/reachable.ts";
import type { EvidenceBucket } from "../evidence/bucket/bucket.ts";
import { putInBucket } from "./in-bucket.ts";
import { putInFolder } from "./in-folder.ts";
import type { SignedFile } from "./signed-file.ts";

/** A bucket that does not answer is not waited for: the run looks in another one, too. */
const PATIENCE: Duration = seconds(5);

export interface Put {
  /** Addresses of the buckets that have it. */
  readonly in: readonly string[];
  /** Which have it not, and why. */
  readonly failed: readonly string[];
}

/** Puts a signed file wherever a run may look for it: the folder, then every bucket. @throws what the folder's writing can */
export async function putEverywhere(
  runsFolder: string,
  buckets: readonly EvidenceBucket[],
  name: string,
  file: SignedFile,
): Promise<Put> {
  await putInFolder(runsFolder, name, file);
  const put: string[] = [];
  const failed: string[] = [];
  await Promise.all(
    buckets.map(async (bucket) => {
      const where = `s3://${bucket.name} (${bucket.region})`;
      try {
        await putInBucket(bucket, name, file, AbortSignal.timeout(PATIENCE.ms));
        put.push(where);
      } catch (error) {
        failed.push(`${where} did not take it: ${reason(error)}`);
      }
    }),
  );
  return { in: put, failed };
}
