import type { AccountId } from "@castle/services/kernel/domain/command.ts";

/** Binance's defaults for Spot. */
export const REQUEST_WEIGHT_PER_MINUTE = 6_000;
export const ORDERS_PER_TEN_SECONDS = 100;

/** Counts within fixed windows, per key, in this gateway's memory: a limit on abuse, not an account of use. */
export class FixedWindow {
  readonly #lengthMs: number;
  #windowStart = 0;
  #used = new Map<string | AccountId, number>();

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  /** Adds and returns what the key has used in the current window. @param now milliseconds since 1970 */
  use(key: string | AccountId, weight: number, now: number): number {
    const start = now - (now % this.#lengthMs);
    if (start !== this.#windowStart) {
      this.#windowStart = start;
      this.#used = new Map();
    }
    const used = (this.#used.get(key) ?? 0) + weight;
    this.#used.set(key, used);
    return used;
  }

  /** Seconds until the window ends, rounded up. */
  retryAfterSeconds(now: number): number {
    return Math.ceil((this.#lengthMs - (now % this.#lengthMs)) / 1_000);
  }
}
