import type { Epoch } from "@castle/regions/epoch.ts";
import type { Seq, StreamId } from "@castle/services/kernel/domain/command.ts";
import type { Doorbell } from "@castle/services/kernel/domain/outcome.ts";
import type { DoorbellSeal } from "@castle/services/kernel/doorbell-seal.ts";
import { openDoorbell } from "@castle/services/kernel/queues.ts";
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";

/** Between two rings of a stream: what arrives meanwhile goes with the next, and a busy engine works in fewer, larger steps. */
const QUIET_MS = 15;

/**
 * Rings the engines. One ring per stream is under way at a time and the newest mark goes with the next, so that a busy
 * stream costs a bounded number of jobs. A ring that fails is forgotten: the sweep rings again.
 */
export class Doorbells {
  readonly #redis: Redis;
  readonly #seal: DoorbellSeal;
  readonly #queues = new Map<StreamId, Queue<Doorbell>>();
  readonly #next = new Map<StreamId, Doorbell>();
  readonly #ringing = new Set<StreamId>();

  constructor(redis: Redis, seal: DoorbellSeal) {
    this.#redis = redis;
    this.#seal = seal;
  }

  ring(stream: StreamId, epoch: Epoch, upTo: Seq): void {
    this.#next.set(stream, { epoch, upTo });
    if (!this.#ringing.has(stream)) void this.#ring(stream);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.close().catch(() => undefined)));
  }

  async #ring(stream: StreamId): Promise<void> {
    this.#ringing.add(stream);
    for (let bell = this.#take(stream); bell; bell = this.#take(stream)) {
      await this.#queue(stream)
        .add("ring", this.#seal.sealed(stream, bell))
        .catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    }
    this.#ringing.delete(stream);
  }

  #take(stream: StreamId): Doorbell | undefined {
    const bell = this.#next.get(stream);
    this.#next.delete(stream);
    return bell;
  }

  #queue(stream: StreamId): Queue<Doorbell> {
    const open = this.#queues.get(stream) ?? openDoorbell(stream, this.#redis);
    this.#queues.set(stream, open);
    return open;
  }
}
