import type { RegionName } from "@castle/regions/catalogue.ts";
import type { Epoch } from "@castle/regions/epoch.ts";
import { Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { Knex } from "knex";
import { isStaleEpoch } from "../../kernel/database/connect.ts";
import type { Logger } from "../../kernel/log.ts";
import { PROJECTED_QUEUE, type ProjectedJob } from "../../kernel/queues.ts";
import { SparseLog } from "../../kernel/sparse-log.ts";
import { metrics } from "../metrics.ts";
import { buildCandles } from "./candle-builder.ts";

export interface CandleWorkerOptions {
  readonly db: Knex;
  readonly redis: Redis;
  readonly epoch: Epoch;
  readonly region: RegionName;
  readonly symbols: readonly string[];
  readonly log: Logger;
}

/** How long the worker may take to say goodbye to Redis. */
const CLOSE_WITHIN_MS = 2_000;

/** Builds candles while the cell is active, a job for each chunk that is projected. */
export class CandleWorker {
  readonly #options: CandleWorkerOptions;
  readonly #worker: Worker<ProjectedJob>;

  constructor(options: CandleWorkerOptions) {
    this.#options = options;
    const { log } = options;
    this.#worker = new Worker<ProjectedJob>(PROJECTED_QUEUE, (job) => this.#build(job.data), {
      connection: options.redis,
      concurrency: 1,
      skipVersionCheck: true,
      lockDuration: 5_000,
      stalledInterval: 2_000,
      // BullMQ waits 15 s after a lost connection unless told otherwise.
      runRetryDelay: 500,
    });
    // What was projected while nobody listened, or announced by a job that got lost.
    void this.#build({
      epoch: options.epoch,
      upTo: Object.fromEntries(options.symbols.map((s) => [s, 0])),
    }).catch((error: Error) =>
      log.warn({ err: error }, "candles could not be brought to the end of the trades"),
    );
    this.#worker.on("failed", (_job, error) =>
      log.warn({ err: error }, "a job of the projected queue failed"),
    );
    const sparse = new SparseLog(log);
    this.#worker.on("error", (error) => sparse.warn({}, error, "the candle worker has trouble with Redis"));
  }

  async close(): Promise<void> {
    const away = this.#options.redis.status !== "ready";
    let overdue: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      overdue = setTimeout(resolve, CLOSE_WITHIN_MS);
    });
    await Promise.race([this.#worker.close(away).catch(() => undefined), patience]);
    clearTimeout(overdue);
  }

  /** The job says which streams have moved; how far, the trades themselves do. */
  async #build(data: unknown): Promise<void> {
    const { db, epoch, region, symbols, log } = this.#options;
    if (!isProjectedJob(data)) {
      const said = JSON.stringify(data)?.slice(0, 200);
      log.warn({ data: said }, "a job that announces no projection was dropped");
      return;
    }
    try {
      for (const symbol of symbols)
        if (symbol in data.upTo) metrics.candleTrades.inc(await buildCandles(db, { epoch, region }, symbol));
    } catch (error) {
      // The role watch hears of it, too, and closes this worker.
      if (!isStaleEpoch(error)) throw error;
    }
  }
}

/** Whoever can write to Redis can put anything into a queue. */
const isProjectedJob = (data: unknown): data is ProjectedJob =>
  typeof data === "object" &&
  data !== null &&
  "upTo" in data &&
  typeof data.upTo === "object" &&
  data.upTo !== null;
