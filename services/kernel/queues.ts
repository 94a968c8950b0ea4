import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { StreamId } from "./domain/command.ts";
import { type Doorbell, doorbellQueue } from "./domain/outcome.ts";

/**
 * A stream's doorbell. Jobs leave no trace: what they announce stands in PostgreSQL. The newest is answered first: it
 * announces the most, and those before it then have nothing left to say, so that a backlog costs few transactions.
 */
export function openDoorbell(stream: StreamId, connection: Redis): Queue<Doorbell> {
  const queue = new Queue<Doorbell>(doorbellQueue(stream), {
    connection,
    skipVersionCheck: true,
    defaultJobOptions: { lifo: true, removeOnComplete: true, removeOnFail: true, attempts: 1 },
  });
  queue.on("error", () => undefined);
  return queue;
}
