import { type Duration, seconds } from "@castle/regions/duration.ts";
import { reason } from "../cells/reachable.ts";
import { digestOf } from "../engine/approval.ts";
import type { EventOf } from "../engine/event.ts";
import { listExecutions } from "../engine/record.ts";
import { type ExecutionState, openAsking } from "../engine/state.ts";
import type { EvidenceBucket } from "../evidence/bucket/bucket.ts";
import { executionIn, idsIn, unfinishedIn } from "../evidence/bucket/read-records.ts";

/** An execution that waits for somebody, and where it was found. */
export interface Waiting {
  readonly state: ExecutionState;
  readonly asking: EventOf<"approval-asked">;
  /** null: in the folder. */
  readonly bucket: EvidenceBucket | null;
}

export interface Found {
  readonly waiting: readonly Waiting[];
  /** Everything that was looked at, the folder's own first. */
  readonly known: readonly ExecutionState[];
  /** What could not be looked at, in words. */
  readonly unseen: readonly string[];
}

/** A lost region's bucket is not waited for longer. */
const PATIENCE: Duration = seconds(20);

/**
 * Executions that wait for an approval: in the folder, and, of those that it does not hold, in the buckets, where a run on
 * another machine has its record copied to. Never rejects for a bucket.
 * @param beginning of their names; null for all that are not finished. @throws RecordInvalid of the folder's
 */
export async function findWaiting(
  runsFolder: string,
  buckets: readonly EvidenceBucket[],
  beginning: string | null,
): Promise<Found> {
  const now = Date.now();
  const here = await listExecutions(runsFolder);
  const inFolder = here.filter(({ id }) => beginning === null || id.startsWith(beginning));
  const ofFolder = inFolder.flatMap((state) => waitingOf(state, null, now));
  const unseen: string[] = [];
  const elsewhere = new Map<string, { readonly state: ExecutionState; readonly bucket: EvidenceBucket }>();
  // What is named and here is looked for nowhere else: somebody waits.
  const isHere = beginning !== null && ofFolder.length > 0;
  await Promise.all(
    (isHere ? [] : buckets).map(async (bucket) => {
      const signal = AbortSignal.timeout(PATIENCE.ms);
      try {
        const ids = await (beginning === null
          ? unfinishedIn(bucket, signal)
          : idsIn(bucket, beginning, signal));
        for (const id of ids) {
          if (ofFolder.some(({ state }) => state.id === id)) continue;
          const state = await executionIn(bucket, id, signal);
          const known = elsewhere.get(id);
          // Copies are behind, one more than the other.
          if (state && (!known || known.state.lastAt < state.lastAt)) elsewhere.set(id, { state, bucket });
        }
      } catch (error) {
        unseen.push(`s3://${bucket.name} (${bucket.region}) cannot be looked at: ${reason(error)}`);
      }
    }),
  );
  const ofBuckets = [...elsewhere.values()].flatMap(({ state, bucket }) => waitingOf(state, bucket, now));
  const known = [...here, ...[...elsewhere.values()].map(({ state }) => state)];
  return {
    waiting: [...ofFolder, ...ofBuckets],
    known: [...new Map(known.map((state) => [state.id, state])).values()],
    unseen,
  };
}

function waitingOf(state: ExecutionState, bucket: EvidenceBucket | null, now: number): Waiting[] {
  const asking = openAsking(state, now);
  return asking ? [{ state, asking, bucket }] : [];
}

/**
 * Whether the figures are those that the run asks about: whoever signs, signs their digest, and no signature of the record
 * was looked at.
 */
export const isAskedAbout = ({ state, asking }: Waiting): boolean =>
  digestOf({ execution: state.id, ...asking }) === asking.digest;
