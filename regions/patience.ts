import type { Duration } from "./duration.ts";

/** How far something has come that is waited for. */
export interface Progress {
  /** Grows while it comes nearer, in whatever unit. */
  readonly reached: number;
  /** The same for people: `replayed 12.3 of 40.1 MiB`. */
  readonly words: string;
}

/**
 * Patience with what takes as long as it takes: it is over once nothing has moved for so long, and begins anew with each
 * reading that is further than all before. One that goes back and forth does not move.
 */
export class Patience {
  readonly #limit: Duration;
  readonly #now: () => number;
  #furthest = Number.NEGATIVE_INFINITY;
  #movedAt: number;

  /** @param now milliseconds on a clock that never jumps */
  constructor(limit: Duration, now: () => number = () => performance.now()) {
    this.#limit = limit;
    this.#now = now;
    this.#movedAt = now();
  }

  /** Takes a reading. @returns whether it is further than any before */
  read({ reached }: Progress): boolean {
    if (!(reached > this.#furthest)) return false;
    const isFirst = this.#furthest === Number.NEGATIVE_INFINITY;
    this.#furthest = reached;
    // Where it begins is no movement yet.
    if (isFirst) return false;
    this.#movedAt = this.#now();
    return true;
  }

  /** Milliseconds that are left without a movement; 0 once it is over. */
  get leftMs(): number {
    return Math.max(0, this.#movedAt + this.#limit.ms - this.#now());
  }

  get isOver(): boolean {
    return this.leftMs === 0;
  }
}
