import type { Epoch } from "@castle/regions/epoch.ts";
import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { Seq, StreamId } from "./domain/command.ts";

/** BullMQ's queue of what comes after a trade. */
export const PROJECTED_QUEUE = "projected";

/** "The streams are projected up to these commands": losing one loses nothing, the next one says more. */
export interface ProjectedJob {
  readonly epoch: Epoch;
  readonly upTo: Readonly<Record<StreamId, Seq>>;
}

/**
 * Jobs leave no trace: what they announce stands in PostgreSQL. The newest is done first: it announces the most, and those
 * before it then have nothing left to say.
 */
export function openProjectedQueue(connection: Redis): Queue<ProjectedJob> {
  const queue = new Queue<ProjectedJob>(PROJECTED_QUEUE, {
    connection,
    skipVersionCheck: true,
    defaultJobOptions: { lifo: true, removeOnComplete: true, removeOnFail: true, attempts: 1 },
  });
  queue.on("error", () => undefined);
  return queue;
}
