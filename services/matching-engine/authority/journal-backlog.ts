import type { Seq, StreamId } from "@castle/services/kernel/domain/command.ts";

interface Backlog {
  upTo: Seq;
  /** When the first of them was offered, or when the mark last moved towards them. */
  since: number;
}

/**
 * What was offered to the peer's journal and has not arrived there: a journal that answers and stores nothing shows in
 * nothing else. Counted for each stream, for one may be refused while the others are taken. Times are milliseconds of
 * one monotonic clock, the caller's.
 */
export class JournalBacklog {
  readonly #backlogs = new Map<StreamId, Backlog>();

  /** @param mark how far the peer is known to hold the stream */
  offered(stream: StreamId, upTo: Seq, mark: Seq, now: number): void {
    if (upTo <= mark) return;
    const backlog = this.#backlogs.get(stream);
    if (backlog) backlog.upTo = Math.max(backlog.upTo, upTo);
    else this.#backlogs.set(stream, { upTo, since: now });
  }

  /** The stream's mark has moved to `mark`. */
  reached(stream: StreamId, mark: Seq, now: number): void {
    const backlog = this.#backlogs.get(stream);
    if (!backlog) return;
    if (mark >= backlog.upTo) this.#backlogs.delete(stream);
    else backlog.since = now;
  }

  /** For how long the peer has come no nearer to what it lacks, in the worst stream; 0 when it lacks nothing. */
  forMs(now: number): number {
    return Math.max(0, ...[...this.#backlogs.values()].map(({ since }) => now - since));
  }
}
