import type { RegionName } from "@castle/regions/catalogue.ts";
import type { Epoch } from "@castle/regions/epoch.ts";
import type { Redis } from "ioredis";
import type { Knex } from "knex";
import type { Logger } from "../../kernel/log.ts";
import { CandleWorker } from "./candle-worker.ts";

export interface CandlesOptions {
  readonly db: Knex;
  readonly redis: Redis;
  readonly region: RegionName;
  readonly symbols: readonly string[];
  readonly log: Logger;
}

/** Keeps one candle worker while this cell is active, in its epoch. */
export class Candles {
  readonly #options: CandlesOptions;
  #worker: { readonly epoch: Epoch; readonly worker: CandleWorker } | null = null;
  #closing: Promise<void> = Promise.resolve();

  constructor(options: CandlesOptions) {
    this.#options = options;
  }

  /** @param epoch in which this cell is active; null while it is not */
  follow(epoch: Epoch | null): void {
    if (this.#worker?.epoch === epoch) return;
    const before = this.#worker?.worker;
    this.#worker = epoch === null ? null : { epoch, worker: new CandleWorker({ ...this.#options, epoch }) };
    if (before) this.#closing = Promise.all([this.#closing, before.close()]).then(() => undefined);
  }

  async close(): Promise<void> {
    this.follow(null);
    await this.#closing;
  }
}
