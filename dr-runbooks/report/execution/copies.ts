import { type Duration, seconds } from "@castle/regions/duration.ts";
import { reason } from "../../cells/reachable.ts";
import type { EvidenceBucket } from "../../evidence/bucket/bucket.ts";
import { type BucketCopy, linesOf, readCopy } from "../../evidence/bucket/copy.ts";
import { openBuckets } from "../../evidence/bucket/open-buckets.ts";
import type { Target } from "../../target.ts";
import type { ReportedCopy } from "./report.ts";

/** What a lost region leaves unanswered is not worth more. */
const PATIENCE: Record<Target["kind"], Duration> = { lab: seconds(3), aws: seconds(15) };

/** Looks at the copies of one record in the target's buckets. Never rejects: what is not seen is told. @param lines the record's own */
export async function lookAtCopies(
  target: Target,
  id: string,
  lines: readonly string[],
): Promise<ReportedCopy[]> {
  const { buckets, close } = openBuckets(target);
  try {
    return await Promise.all(
      buckets.map(async (bucket) => {
        try {
          const copy = await readCopy(bucket, id, AbortSignal.timeout(PATIENCE[target.kind].ms));
          return copyOf(bucket, id, copy, lines);
        } catch (error) {
          return notSeen(bucket, lines.length, reason(error));
        }
      }),
    );
  } finally {
    close();
  }
}

type Named = Pick<EvidenceBucket, "region" | "name">;

/** What a copy comes to, held against the record. Pure. */
export function copyOf(
  { region, name: bucket }: Named,
  id: string,
  copy: BucketCopy,
  lines: readonly string[],
): ReportedCopy {
  const there = linesOf(copy).get(id) ?? [];
  const other = there.findIndex((line, at) => at < lines.length && line !== lines[at]);
  const locks = copy.objects.flatMap(({ content }) => (content ? [content.retention] : []));
  const until = locks.flatMap((lock) => (lock ? [lock.until] : []));
  const isLocked = locks.length > 0 && locks.every((lock) => lock !== null);
  return {
    ...{ region, bucket, lines: there.length, of: lines.length },
    complete: other === -1 && there.length === lines.length,
    // The first line whose lock ends can be removed then, and the chain is broken.
    lockedUntil: isLocked ? Math.min(...until) : null,
    modes: [...new Set(locks.map((lock) => lock?.mode ?? "none"))].sort(),
    problem: other === -1 ? null : `line ${other + 1} is not the line that the folder holds`,
  };
}

const notSeen = ({ region, name: bucket }: Named, of: number, because: string): ReportedCopy => ({
  ...{ region, bucket, lines: null, of, complete: null, lockedUntil: null, modes: [] },
  problem: `it could not be looked at: ${because}`,
});
