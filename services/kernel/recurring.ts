import { setTimeout as delay } from "node:timers/promises";

export interface RecurringOptions {
  /** From the end of one time to the beginning of the next. Milliseconds. */
  readonly pauseMs: number;
  readonly once: () => Promise<void>;
  /** Told of each time that failed; the next one comes nevertheless. Not told while it is being stopped. */
  readonly failed: (error: Error) => void;
}

/** Does one thing again and again, one at a time, until it is stopped. */
export class Recurring {
  readonly #options: RecurringOptions;
  readonly #stopping = new AbortController();
  #kept: Promise<void> | null = null;

  constructor(options: RecurringOptions) {
    this.#options = options;
  }

  /** Aborted when it is to end: for what takes long. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  start(): void {
    this.#kept ??= this.#keep();
  }

  /** Resolves when what was under way has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#kept;
  }

  async #keep(): Promise<void> {
    const { pauseMs, once, failed } = this.#options;
    const { signal } = this;
    while (!signal.aborted) {
      await once().catch((error: Error) => {
        if (!signal.aborted) failed(error);
      });
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
