/** Something with arrivals: delivers what has arrived by `now`, and tells when the next is due (null: nothing is). */
export interface Arrivals {
  deliver(now: number): void;
  readonly nextDueAt: number | null;
}

/**
 * Timers fire at whole milliseconds, up to one early or late. What is due within this of a tick goes with it: the
 * error stays below a millisecond, and on the average is none.
 */
const SLACK_MS = 0.5;

/** One timer for all lines, set to the earliest arrival: not one for each piece of data. */
export class ArrivalClock {
  readonly #all = new Set<Arrivals>();
  #timer: NodeJS.Timeout | null = null;
  #setFor = Number.POSITIVE_INFINITY;

  add(arrivals: Arrivals): void {
    this.#all.add(arrivals);
    this.arrange(arrivals);
  }

  remove(arrivals: Arrivals): void {
    this.#all.delete(arrivals);
  }

  /** To be called when something was sent, or may be delivered again. */
  arrange(arrivals: Arrivals): void {
    const dueAt = arrivals.nextDueAt;
    if (dueAt === null || dueAt >= this.#setFor) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#setFor = dueAt;
    this.#timer = setTimeout(() => this.#tick(), Math.max(0, dueAt - performance.now()));
  }

  #tick(): void {
    this.#timer = null;
    this.#setFor = Number.POSITIVE_INFINITY;
    const now = performance.now() + SLACK_MS;
    for (const arrivals of this.#all) arrivals.deliver(now);
    for (const arrivals of this.#all) this.arrange(arrivals);
  }
}
