import { seconds } from "@castle/regions/duration.ts";
import { reason } from "../cells/reachable.ts";
import { type OpenBuckets, openBuckets } from "../evidence/bucket/open-buckets.ts";
import { type Pulled, pullEvidence } from "../evidence/bucket/pull.ts";
import { type Shipped, Shipper } from "../evidence/bucket/shipper.ts";
import { keyFileIn } from "../evidence/signing-key.ts";
import type { Target } from "../target.ts";
import { exitCode, reportError, UsageError } from "./exit.ts";
import { cellRegionNamed, findTarget } from "./find-target.ts";
import type { BucketFlags } from "./register-evidence.ts";

/** Long enough for a year's records over a slow link; an operator can end it any time, and repeat it. */
const PATIENCE = seconds(300);

/** `castle evidence ship`. @returns the exit code */
export async function shipCommand(flags: BucketFlags): Promise<number> {
  return forEachBucket(flags, async (bucket, { runsFolder }) => {
    const shipped = await new Shipper(bucket, runsFolder).end(PATIENCE);
    return { good: shipped.left.length === 0, lines: tellShipped(shipped), json: shipped };
  });
}

/** `castle evidence pull`. @returns the exit code */
export async function pullCommand(flags: BucketFlags): Promise<number> {
  return forEachBucket(flags, async (bucket, { runsFolder: folder, evidence }) => {
    const pulled = await pullEvidence({ bucket, folder, keyFile: evidence?.keyFile ?? keyFileIn(folder) });
    const { added, left } = pulled;
    const json = { ...pulled, added: Object.fromEntries(added), left: Object.fromEntries(left) };
    return { good: left.size === 0, lines: tellPulled(pulled), json };
  });
}

type Bucket = OpenBuckets["buckets"][number];

interface Done {
  readonly good: boolean;
  readonly lines: readonly string[];
  readonly json: { readonly bucket: Pick<Bucket, "region" | "name"> };
}

/** Goes on with the next bucket when one does not answer. */
async function forEachBucket(
  flags: BucketFlags,
  work: (bucket: Bucket, target: Target) => Promise<Done>,
): Promise<number> {
  try {
    const target = await findTarget(flags);
    const { buckets, close } = bucketsNamed(target, flags.bucket);
    let code: number = exitCode.good;
    try {
      for (const bucket of buckets) {
        const done = await work(bucket, target).catch((error: unknown) => failed(bucket, error));
        if (!done.good) code = exitCode.failed;
        const { region, name } = bucket;
        const told = flags.json ? [JSON.stringify({ ...done.json, bucket: { region, name } })] : done.lines;
        for (const line of told) process.stdout.write(`${line}\n`);
      }
    } finally {
      close();
    }
    return code;
  } catch (error) {
    return reportError(error);
  }
}

const failed = (bucket: Bucket, error: unknown): Done => ({
  good: false,
  lines: [`✗ s3://${bucket.name} (${bucket.region}): ${reason(error)}`],
  json: { bucket, ...{ error: reason(error) } },
});

/** @throws UsageError when the target names none there. */
export function bucketsNamed(target: Target, region: string | undefined): OpenBuckets {
  const opened = openBuckets(target, region === undefined ? undefined : [cellRegionNamed(region)]);
  if (opened.buckets.length > 0) return opened;
  opened.close();
  throw new UsageError(
    `target "${target.name}" names no bucket for evidence${region === undefined ? "" : ` in ${region}`}: add evidence.buckets to it`,
  );
}

function tellShipped({ bucket, sent, left }: Shipped): string[] {
  const where = `s3://${bucket.name} (${bucket.region})`;
  if (left.length === 0) return [`✓ ${where}: ${sent} lines sent; all of the folder is there`];
  return [
    ...left.map(({ chain, there, lines, because }) => `✗ ${chain}: ${there} of ${lines} lines: ${because}`),
    `✗ ${where}: ${sent} lines sent; ${left.length} files are not there whole`,
  ];
}

function tellPulled({ bucket, added, left }: Pulled): string[] {
  const lines = [...added.values()].reduce((sum, count) => sum + count, 0);
  return [
    ...[...left].map(([chain, because]) => `✗ ${chain}: ${because}`),
    `${left.size === 0 ? "✓" : "✗"} s3://${bucket.name} (${bucket.region}): ${lines} lines fetched, of ${added.size} files`,
  ];
}
