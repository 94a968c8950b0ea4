import { once } from "node:events";
import type { Epoch } from "@castle/regions/epoch.ts";
import type { Redis } from "ioredis";
import type { StreamProgress } from "./database.ts";

/** A cell's Redis as runbooks use it. */
export class CellCache {
  readonly redis: Redis;

  constructor(redis: Redis) {
    this.redis = redis;
  }

  /** Resolves once Redis takes commands: this connection queues none. Never, while there is no Redis. */
  async connected(): Promise<void> {
    if (this.redis.status !== "ready") await once(this.redis, "ready");
  }

  /** Redis's own word: `"master"`, or `"slave"` of the peer's. */
  async role(): Promise<string> {
    const answer = await this.redis.call("ROLE");
    if (!Array.isArray(answer)) throw new Error(`Redis answered ROLE with ${JSON.stringify(answer)}`);
    return String(answer[0]);
  }

  /**
   * Throws away every doorbell of a former epoch, and rings for what is left to apply: the queue came over with the
   * replica, and may hold jobs that a worker of the lost cell still has locked.
   */
  async rebuildDoorbell(epoch: Epoch, { stream, lastSeq, appliedSeq }: StreamProgress): Promise<void> {
    // BullMQ takes long to load, and nothing else here needs it.
    const { openDoorbell } = await import("@castle/services/kernel/queues.ts");
    const doorbell = openDoorbell(stream, this.redis);
    try {
      await doorbell.obliterate({ force: true });
      if (appliedSeq < lastSeq) await doorbell.add("ring", { epoch, upTo: lastSeq });
    } finally {
      await doorbell.close();
    }
  }
}
