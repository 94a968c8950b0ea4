import type { Seq, StreamId } from "@castle/services/kernel/domain/command.ts";

interface Owed {
  upTo: Seq;
  /** When the first of them was offered, or when the mark last moved towards them. */
  since: number;
}

/**
 * What was offered to the peer's journal and has not arrived there: a journal that answers and stores nothing shows in
 * nothing else. Counted for each stream, for one may be refused while the others are taken. Times are milliseconds of
 * one monotonic clock, the caller's.
 */
export class Arrears {
  readonly #owed = new Map<StreamId, Owed>();

  /** @param mark how far the peer is known to hold the stream */
  offered(stream: StreamId, upTo: Seq, mark: Seq, now: number): void {
    if (upTo <= mark) return;
    const owed = this.#owed.get(stream);
    if (owed) owed.upTo = Math.max(owed.upTo, upTo);
    else this.#owed.set(stream, { upTo, since: now });
  }

  /** The stream's mark has moved to `mark`. */
  reached(stream: StreamId, mark: Seq, now: number): void {
    const owed = this.#owed.get(stream);
    if (!owed) return;
    if (mark >= owed.upTo) this.#owed.delete(stream);
    else owed.since = now;
  }

  /** For how long the peer has come no nearer to what it lacks, in the worst stream; 0 when it lacks nothing. */
  forMs(now: number): number {
    return Math.max(0, ...[...this.#owed.values()].map(({ since }) => now - since));
  }
}
