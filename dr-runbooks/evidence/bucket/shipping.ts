import { unheard } from "@castle/regions/calls/heard.ts";
import { peerOf } from "@castle/regions/catalogue.ts";
import { type Duration, seconds } from "@castle/regions/duration.ts";
import { reason } from "../../cells/reachable.ts";
import { type ExecutionEvent, isPrelude } from "../../engine/event.ts";
import type { CellRegion, Target } from "../../target.ts";
import { INDEX } from "../executions-index.ts";
import { openBuckets } from "./open-buckets.ts";
import { Shipper } from "./shipper.ts";
import { noteUnshipped, tellUnshipped } from "./unshipped.ts";

/** What is left when a run ends is waited for so long, and no longer. */
const PATIENCE: Duration = seconds(3);

export interface Runs {
  readonly folder: string;
  readonly keyFile?: string | undefined;
}

/** The copying of records beside a run. */
interface Shipping {
  /** A line was written, which tells of this. Never waits. */
  wrote(event: ExecutionEvent): void;
  /**
   * Sends what is left, with bounded patience; writes down in the index what could not be sent. Never rejects.
   * @returns what could not be sent, in words for an operator; nothing when all is there.
   */
  end(): Promise<readonly string[]>;
}

/** Which regions get the copy: those that outlive what is being done. A failover touches nothing of the lost one. */
export const shippedTo = {
  failover: (to: CellRegion): readonly CellRegion[] => [to],
  switchover: (to: CellRegion): readonly CellRegion[] => [to, peerOf(to)],
  isolate: (region: CellRegion): readonly CellRegion[] => [peerOf(region)],
  reconcile: (survivor: CellRegion): readonly CellRegion[] => [survivor],
  rejoin: (region: CellRegion): readonly CellRegion[] => [peerOf(region), region],
};

export interface ShippedWork {
  readonly target: Target;
  readonly runs: Runs;
  readonly regions: readonly CellRegion[];
  readonly onEvent?: (event: ExecutionEvent) => void;
  /** Told, a line each, what could not be sent by the end. */
  readonly onUnshipped?: (lines: readonly string[]) => void;
}

/** Does what is recorded, with the copying beside it. @param work is to tell every event that it wrote. */
export async function shipped<Result>(
  { target, runs, regions, onEvent, onUnshipped }: ShippedWork,
  work: (onEvent: (event: ExecutionEvent) => void) => Promise<Result>,
): Promise<Result> {
  const shipping = beginShipping(target, runs, regions);
  try {
    return await work((event) => {
      shipping.wrote(event);
      onEvent?.(event);
    });
  } finally {
    const told = await shipping.end();
    if (told.length > 0) onUnshipped?.(told);
  }
}

/**
 * Copies the folder of executions to the target's buckets, from the first step or question on. Begun outside whatever
 * hears of an execution's calls: a copy of each line that told of the copying would never end.
 */
function beginShipping(target: Target, runs: Runs, regions: readonly CellRegion[]): Shipping {
  const { buckets, close } = openBuckets(target, regions);
  let shippers: readonly Shipper[] | null = null;
  const begun = (): readonly Shipper[] => {
    shippers ??= unheard(() => buckets.map((bucket) => new Shipper(bucket, runs.folder)));
    return shippers;
  };
  return {
    wrote: (event) => {
      if (shippers === null && isPrelude(event)) return;
      for (const shipper of begun()) shipper.poke();
    },
    end: async () => {
      const shipped = await Promise.all(begun().map((shipper) => shipper.end(PATIENCE)));
      close();
      const told = tellUnshipped(shipped);
      return noteUnshipped(runs, shipped).then(
        () => told,
        (error: unknown) => [...told, `and ${INDEX} could not be told of that: ${reason(error)}`],
      );
    },
  };
}
