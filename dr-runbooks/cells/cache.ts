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
   * Throws away every job of a former epoch, and adds one that announces everything projected: the queue came over with
   * the replica, and may hold jobs that a worker of the lost cell still has locked.
   */
  async rebuildQueue(epoch: Epoch, streams: readonly StreamProgress[]): Promise<void> {
    // BullMQ takes long to load, and nothing else here needs it.
    const { openProjectedQueue } = await import("@castle/services/kernel/queues.ts");
    const queue = openProjectedQueue(this.redis);
    try {
      await queue.obliterate({ force: true });
      const upTo = Object.fromEntries(streams.map(({ stream, appliedSeq }) => [stream, appliedSeq]));
      await queue.add("projected", { epoch, upTo });
    } finally {
      await queue.close();
    }
  }
}
