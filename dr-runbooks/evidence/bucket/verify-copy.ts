import { stat } from "node:fs/promises";
import type { Duration } from "@castle/regions/duration.ts";
import { INDEX } from "../executions-index.ts";
import { keyOrProblem, readEvidence, type Verdict, type VerifyOptions } from "../verify.ts";
import type { EvidenceBucket } from "./bucket.ts";
import { type BucketCopy, readCopy } from "./copy.ts";
import { examineCopy } from "./examine-copy.ts";

export interface VerifyCopyOptions extends VerifyOptions {
  readonly bucket: EvidenceBucket;
  /** How long every line has to be locked for. */
  readonly retention: Duration;
}

/**
 * Looks at the copy in a bucket, and holds it against the folder where there is one; changes nothing.
 * @throws the bucket's errors.
 */
export async function verifyCopy(options: VerifyCopyOptions): Promise<Verdict> {
  const { bucket, publicKey, only, notedHead, mistakeIn, retention } = options;
  const where = `s3://${bucket.name}`;
  // The folder first: what a runner writes meanwhile is in the bucket then, perhaps, and not yet missed there.
  const folder = (await isFolder(options.folder)) ? await readEvidence(options.folder) : null;
  const key = await keyOrProblem(publicKey);
  if ("what" in key)
    return { green: false, folder: where, key: null, problems: [key], executions: 0, lines: 0, head: null };
  const isEmpty = folder !== null && folder.index === null && folder.records.size === 0;
  const copy = await copyOf(bucket, only);
  const question = { key, only, notedHead, mistakeIn, retention, folder: isEmpty ? null : folder };
  const examined = examineCopy(copy, question);
  return { green: examined.problems.length === 0, folder: where, key: key.fingerprint, ...examined };
}

async function copyOf(bucket: EvidenceBucket, only: string | undefined): Promise<BucketCopy> {
  if (only === undefined) return readCopy(bucket);
  const [index, record] = await Promise.all([readCopy(bucket, INDEX), readCopy(bucket, only)]);
  return { bucket: bucket.name, objects: [...index.objects, ...record.objects] };
}

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isDirectory() ?? false;
