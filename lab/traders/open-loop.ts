import { now } from "./clock.ts";

/**
 * Calls `slot` exactly `perSecond` times a second, whatever becomes of the calls before: a generator that waits for
 * answers would send less just when the platform is slow, and not see it. A slot that comes late is told when it was
 * due, and is never left out.
 */
export class OpenLoop {
  readonly #intervalMs: number;
  readonly #slot: (due: number) => void;
  #startedAt = 0;
  #next = 0;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(perSecond: number, slot: (due: number) => void) {
    this.#intervalMs = 1_000 / perSecond;
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
      const due = this.#startedAt + this.#next * this.#intervalMs;
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
