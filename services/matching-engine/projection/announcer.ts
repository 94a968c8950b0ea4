import type { Epoch } from "@castle/regions/epoch.ts";
import type { Redis } from "ioredis";
import type { Seq, StreamId } from "../../kernel/domain/command.ts";
import { openProjectedQueue } from "../../kernel/queues.ts";
import type { SparseLog } from "../../kernel/sparse-log.ts";
import type { AppliedCommand } from "../application/applied-command.ts";

/** One job for each chunk that is projected, for what comes after a trade. Nothing of an order waits for it. */
export class Announcer {
  readonly #queue: ReturnType<typeof openProjectedQueue>;
  readonly #log: SparseLog;
  readonly #upTo = new Map<StreamId, Seq>();
  #adding = false;
  #again = false;
  #epoch: Epoch | null = null;

  constructor(redis: Redis, log: SparseLog) {
    this.#queue = openProjectedQueue(redis);
    this.#log = log;
  }

  /** Never throws, and never waits: while Redis is away, one job at a time is tried and the newest goes next. */
  projected(chunk: readonly AppliedCommand[]): void {
    for (const { accepted } of chunk) {
      this.#upTo.set(accepted.stream, accepted.seq);
      this.#epoch = accepted.epoch;
    }
    if (this.#adding) this.#again = true;
    else void this.#add();
  }

  async close(): Promise<void> {
    await this.#queue.close().catch(() => undefined);
  }

  async #add(): Promise<void> {
    this.#adding = true;
    do {
      this.#again = false;
      const upTo = Object.fromEntries(this.#upTo);
      try {
        if (this.#epoch !== null) await this.#queue.add("projected", { epoch: this.#epoch, upTo });
      } catch (error) {
        this.#log.warn({}, error, "a projected chunk could not be announced; the next one says more");
      }
    } while (this.#again);
    this.#adding = false;
  }
}
