import type { Redis } from "ioredis";
import { outcomeChannel } from "../kernel/domain/outcome.ts";
import type { SparseLog } from "./sparse-log.ts";
import type { CommittedChunk } from "./stream-applier.ts";

/**
 * Tells a committed chunk's outcomes on Redis, as one JSON array. Nothing depends on its arrival: listeners see a gap
 * in seq, and read what they missed from the database.
 */
export function announce(
  redis: Redis,
  { stream, appliedSeq, outcomes }: CommittedChunk,
  log: SparseLog,
): void {
  redis.publish(outcomeChannel(stream), `[${outcomes.join(",")}]`).catch((error: unknown) => {
    log.warn({ stream }, error, `outcomes up to ${appliedSeq} were committed but not told`);
  });
}
