import type { Seq, StreamId } from "@castle/services/kernel/domain/command.ts";

interface Waiter {
  readonly seq: Seq;
  readonly settle: (reached: boolean) => void;
}

/**
 * How far each stream is durable as the mode demands, as this gateway knows it, and those who wait for it. Marks only
 * grow within an epoch; a new epoch begins with none.
 */
export class Marks {
  readonly #marks = new Map<StreamId, Seq>();
  readonly #waiters = new Map<StreamId, Set<Waiter>>();
  readonly #onAdvance: (stream: StreamId, mark: Seq) => void;

  /** @param onAdvance called after the waiters of the new mark have been told. */
  constructor(onAdvance: (stream: StreamId, mark: Seq) => void = () => undefined) {
    this.#onAdvance = onAdvance;
  }

  of(stream: StreamId): Seq {
    return this.#marks.get(stream) ?? 0;
  }

  advance(stream: StreamId, mark: Seq): void {
    if (mark <= this.of(stream)) return;
    this.#marks.set(stream, mark);
    const waiters = this.#waiters.get(stream);
    if (waiters)
      for (const waiter of waiters) {
        if (waiter.seq > mark) continue;
        waiters.delete(waiter);
        waiter.settle(true);
      }
    this.#onAdvance(stream, mark);
  }

  /** Resolves true when the mark reaches `seq`; false when it has not within `withinMs`, or never will here. */
  reached(stream: StreamId, seq: Seq, withinMs: number): Promise<boolean> {
    if (this.of(stream) >= seq) return Promise.resolve(true);
    return new Promise((resolve) => {
      const waiters = this.#waiters.get(stream) ?? new Set();
      this.#waiters.set(stream, waiters);
      const late = setTimeout(() => {
        waiters.delete(waiter);
        resolve(false);
      }, withinMs);
      const waiter: Waiter = {
        seq,
        settle: (reached) => {
          clearTimeout(late);
          resolve(reached);
        },
      };
      waiters.add(waiter);
    });
  }

  /** The epoch is over here: nobody who still waits will be told that it was reached. */
  abandon(): void {
    for (const waiters of this.#waiters.values()) {
      for (const waiter of waiters) waiter.settle(false);
      waiters.clear();
    }
    this.#marks.clear();
  }
}
