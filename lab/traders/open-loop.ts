import { now } from "./clock.ts";

/** Share of the full rate that a rising one begins with. */
const FIRST_SHARE = 0.2;

/**
 * When the nth slot (from 0) is due, in milliseconds since the first: for `rampMs` the rate rises steadily from a fifth of
 * `perSecond` to all of it, and stays there. Pure.
 */
export function dueAfter(n: number, perSecond: number, rampMs: number): number {
  const perMs = perSecond / 1_000;
  // The slots of the ramp: its mean rate for its time.
  const rising = (perMs * rampMs * (1 + FIRST_SHARE)) / 2;
  if (n >= rising) return rampMs + (n - rising) / perMs;
  // n = perMs·(FIRST_SHARE·t + (1 - FIRST_SHARE)·t²/(2·rampMs)), solved for t.
  const growth = 1 - FIRST_SHARE;
  return (
    (rampMs / growth) * (Math.sqrt(FIRST_SHARE ** 2 + (2 * growth * n) / (perMs * rampMs)) - FIRST_SHARE)
  );
}

/**
 * Calls `slot` exactly `perSecond` times a second, whatever becomes of the calls before: a generator that waits for
 * answers would send less just when the platform is slow, and not see it. A slot that comes late is told when it was
 * due, and is never left out.
 */
export class OpenLoop {
  readonly #perSecond: number;
  readonly #rampMs: number;
  readonly #slot: (due: number) => void;
  #startedAt = 0;
  #next = 0;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  /** @param rampMs how long the rate rises at first */
  constructor(perSecond: number, slot: (due: number) => void, rampMs = 0) {
    this.#perSecond = perSecond;
    this.#rampMs = rampMs;
    this.#slot = slot;
  }

  /** @returns when the first slot is due, in milliseconds since 1970. */
  start(): number {
    this.#startedAt = now();
    this.#turn();
    return this.#startedAt;
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  #turn(): void {
    while (!this.#stopped) {
      const due = this.#startedAt + dueAfter(this.#next, this.#perSecond, this.#rampMs);
      const early = due - now();
      if (early > 0) {
        this.#timer = setTimeout(() => this.#turn(), early);
        return;
      }
      this.#next += 1;
      this.#slot(due);
    }
  }
}
