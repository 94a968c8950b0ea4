import { type Duration, seconds } from "@castle/regions/duration.ts";
import { reason } from "../cells/reachable.ts";
import { listExecutions } from "../engine/record.ts";
import type { ExecutionState } from "../engine/state.ts";
import { openBuckets } from "../evidence/bucket/open-buckets.ts";
import { keyFileIn } from "../evidence/signing-key.ts";
import type { CellRegion, Target } from "../target.ts";
import { warn } from "./exit.ts";

/** What can begin anew waits for no bucket longer than this; a failover is such. */
const BRIEFLY = seconds(3);

/** What is named, and is not here, cannot be done otherwise. */
export const PATIENTLY = seconds(60);

/**
 * On a machine whose folder lacks what was begun on another one: fetches it from the target's buckets. What does not
 * answer, or cannot be gone on with, is told, and the command goes on with what is here.
 * @param isHere nothing is asked of any bucket when it is
 */
export async function bringRecords(
  target: Target,
  regions: readonly CellRegion[],
  isHere: (executions: readonly ExecutionState[]) => boolean,
  patience: Duration = BRIEFLY,
): Promise<void> {
  const folder = target.runsFolder;
  if (isHere(await listExecutions(folder))) return;
  const { pullEvidence } = await import("../evidence/bucket/pull.ts");
  const { buckets, close } = openBuckets(target, regions);
  try {
    for (const bucket of buckets) {
      const where = `s3://${bucket.name} (${bucket.region})`;
      try {
        const { added, left } = await pullEvidence({
          ...{ bucket, folder, keyFile: target.evidence?.keyFile ?? keyFileIn(folder) },
          signal: AbortSignal.timeout(patience.ms),
        });
        if (added.size > 0) warn([`the records of ${added.size} files were fetched from ${where}`]);
        warn([...left].map(([chain, because]) => `${chain} in ${where} was left there: ${because}`));
      } catch (error) {
        warn([`no records were fetched from ${where}: ${reason(error)}`]);
      }
      if (isHere(await listExecutions(folder))) return;
    }
  } finally {
    close();
  }
}

/** Whether the folder has ever been used: then it knows what was begun here. */
export const anyIsHere = (executions: readonly ExecutionState[]): boolean => executions.length > 0;
