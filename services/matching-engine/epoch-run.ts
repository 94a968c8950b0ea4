import { Worker } from "bullmq";
import type { Redis } from "ioredis";
import { isStaleEpoch } from "../kernel/database/connect.ts";
import type { Seq, StreamId } from "../kernel/domain/command.ts";
import { type Doorbell, doorbellQueue } from "../kernel/domain/outcome.ts";
import type { DoorbellSeal } from "../kernel/doorbell-seal.ts";
import type { SparseLog } from "./sparse-log.ts";
import type { Holder } from "./store/chunk.ts";
import { type CommittedChunk, StreamApplier } from "./stream-applier.ts";

/** How long a worker may take to say goodbye to Redis; its stream has stopped before that. */
const CLOSE_WITHIN_MS = 2_000;

export interface EpochRunOptions {
  readonly databaseUrl: string;
  /** Shows in pg_stat_activity. */
  readonly name: string;
  /** Shared by the workers; each makes a second one to wait on. */
  readonly redis: Redis;
  readonly streams: readonly StreamId[];
  readonly holder: Holder;
  readonly seal: DoorbellSeal;
  readonly log: SparseLog;
  readonly onCommitted: (chunk: CommittedChunk) => void;
  /** The database is in another epoch. Called at least once when that shows. */
  readonly onStale: () => void;
}

interface StreamWorker {
  readonly applier: StreamApplier;
  readonly worker: Worker<Doorbell>;
}

/** The engine's work in one epoch: a worker for each stream, and the books. It ends with the epoch. */
export class EpochRun {
  readonly holder: Holder;
  readonly #options: EpochRunOptions;
  readonly #workers: ReadonlyMap<StreamId, StreamWorker>;

  constructor(options: EpochRunOptions) {
    this.holder = options.holder;
    this.#options = options;
    this.#workers = new Map(options.streams.map((stream) => [stream, this.#open(stream)]));
  }

  /** How far each stream is known to have come. */
  appliedSeqs(): Record<StreamId, Seq | null> {
    return Object.fromEntries(
      [...this.#workers].map(([stream, { applier }]) => [stream, applier.appliedSeq]),
    );
  }

  /** Ends the chunks under way, then the workers. No write begins after that; one that had to be cut may still land. */
  async stop(): Promise<void> {
    await Promise.all([...this.#workers.values()].map(({ applier }) => applier.stop()));
    await Promise.all([...this.#workers].map(([stream, { worker }]) => this.#close(stream, worker)));
  }

  #open(stream: StreamId): StreamWorker {
    const { databaseUrl, name, redis, holder, log, onCommitted } = this.#options;
    const applier = new StreamApplier({ databaseUrl, name, stream, holder, onCommitted });
    const worker = new Worker<Doorbell>(
      doorbellQueue(stream),
      (job) => this.#answer(stream, applier, job.data),
      {
        connection: redis,
        concurrency: 1,
        skipVersionCheck: true,
        // A doorbell whose engine died may be answered again soon: what it announces is applied once in any case.
        lockDuration: 5_000,
        stalledInterval: 1_000,
        // BullMQ waits 15 s after a lost connection unless told otherwise; traders would notice.
        runRetryDelay: 100,
      },
    );
    worker.on("failed", (_job, error) => log.warn({ stream }, error, "a job of a doorbell's queue failed"));
    worker.on("error", (error) => log.warn({ stream }, error, "a doorbell's worker has trouble with Redis"));
    return { applier, worker };
  }

  /**
   * A doorbell of another epoch is dropped: what it announces is for whoever holds that epoch. One that no gateway
   * sealed (a runbook's, or a forged one) tells no mark: what stands in the database of earlier epochs is history, and
   * may be applied whoever rings.
   */
  async #answer(stream: StreamId, applier: StreamApplier, data: unknown): Promise<void> {
    if (!isDoorbell(data)) {
      const said = new Error(`its data is ${JSON.stringify(data)?.slice(0, 200)}`);
      this.#options.log.warn({ stream }, said, "a job that is no doorbell was dropped");
      return;
    }
    const { epoch, upTo } = data;
    if (epoch !== this.holder.epoch) return;
    try {
      await (this.#options.seal.holds(stream, data) ? applier.applyUpTo(upTo) : applier.applyEarlierEpochs());
    } catch (error) {
      if (isStaleEpoch(error)) this.#options.onStale();
      else this.#options.log.warn({ stream }, error, "could not apply; the next doorbell tries again");
    }
  }

  async #close(stream: StreamId, worker: Worker<Doorbell>): Promise<void> {
    const away = this.#options.redis.status !== "ready";
    const closed = worker.close(away).catch((error: unknown) => {
      this.#options.log.warn({ stream }, error, "a doorbell's worker did not close cleanly");
    });
    let overdue: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      overdue = setTimeout(resolve, CLOSE_WITHIN_MS);
    });
    await Promise.race([closed, patience]);
    clearTimeout(overdue);
  }
}

/** Whoever can write to Redis can put anything into a queue; the sweep rings for whatever this turns away. */
const isDoorbell = (data: unknown): data is Doorbell =>
  typeof data === "object" &&
  data !== null &&
  "epoch" in data &&
  "upTo" in data &&
  isCount(data.epoch) &&
  isCount(data.upTo);

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
