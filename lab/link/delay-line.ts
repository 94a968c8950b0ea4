interface Travelling<T> {
  readonly item: T;
  readonly dueAt: number;
}

/**
 * Things on their way through a wire: each arrives `delay` after it was sent, and never before what was sent earlier,
 * whatever becomes of the delay meanwhile. Times are milliseconds of one monotonic clock, the caller's.
 */
export class DelayLine<T> {
  readonly #queue: Travelling<T>[] = [];
  #lastDueAt = Number.NEGATIVE_INFINITY;

  send(item: T, now: number, delayMs: number): void {
    this.#lastDueAt = Math.max(now + delayMs, this.#lastDueAt);
    this.#queue.push({ item, dueAt: this.#lastDueAt });
  }

  /** Takes out the next thing if it has arrived by `now`. */
  receive(now: number): T | undefined {
    const next = this.#queue[0];
    if (next === undefined || next.dueAt > now) return undefined;
    this.#queue.shift();
    return next.item;
  }

  /** When the next thing arrives; null while nothing is on its way. */
  get nextDueAt(): number | null {
    return this.#queue[0]?.dueAt ?? null;
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }
}
