import type { RequestSample } from "./records.ts";

/** What happened within 100 ms from `t` on. */
export interface Bucket {
  /** Milliseconds since 1970. */
  readonly t: number;
  /** Requests sent for the first time. */
  readonly sent: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly answered: number;
  /** First attempts that ended without a usable answer. */
  readonly errors: number;
  /** Of what ended in this bucket, from when it was due, in milliseconds; null when nothing did. */
  readonly p50: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** The last full second. */
export interface SecondFigures extends Omit<Bucket, "max"> {
  /** Requests under way or waiting, their second attempts included. */
  readonly pending: number;
  readonly lastAcknowledgedAt: number | null;
}

export interface Totals {
  sent: number;
  acknowledged: number;
  refused: number;
  answered: number;
  errors: number;
  rejected: number;
  lost: number;
}

export const BUCKET_MS = 100;
const BUCKETS_A_SECOND = 10;

interface OpenBucket {
  t: number;
  sent: number;
  acknowledged: number;
  refused: number;
  answered: number;
  errors: number;
  latencies: number[];
}

/** Counts what the traders see, in buckets of 100 ms. Time is told to it, so that tests need no clock. */
export class Figures {
  readonly totals: Totals = {
    sent: 0,
    acknowledged: 0,
    refused: 0,
    answered: 0,
    errors: 0,
    rejected: 0,
    lost: 0,
  };
  readonly #closed: Bucket[] = [];
  #recent: OpenBucket[] = [];
  #open: OpenBucket;
  #lastAcknowledgedAt: number | null = null;

  /** @param startedAt milliseconds since 1970 */
  constructor(startedAt: number) {
    this.#open = empty(startedAt);
  }

  get lastAcknowledgedAt(): number | null {
    return this.#lastAcknowledgedAt;
  }

  sent(at: number): void {
    this.#at(at).sent += 1;
    this.totals.sent += 1;
  }

  stumbled(at: number): void {
    this.#at(at).errors += 1;
    this.totals.errors += 1;
  }

  ended({ due, done, end }: RequestSample): void {
    this.totals[end] += 1;
    const bucket = this.#at(done);
    if (end === "lost" || end === "rejected") return;
    bucket[end] += 1;
    bucket.latencies.push(done - due);
    if (end === "acknowledged") this.#lastAcknowledgedAt = done;
  }

  /** The last full second before `at`. */
  second(at: number, pending: number): SecondFigures {
    this.#at(at);
    const sum = (of: "sent" | "acknowledged" | "refused" | "answered" | "errors"): number =>
      this.#recent.reduce((total, bucket) => total + bucket[of], 0);
    const { p50, p99 } = percentiles(this.#recent.flatMap((bucket) => bucket.latencies));
    return {
      t: this.#recent[0]?.t ?? this.#open.t,
      sent: sum("sent"),
      acknowledged: sum("acknowledged"),
      refused: sum("refused"),
      answered: sum("answered"),
      errors: sum("errors"),
      p50,
      p99,
      pending,
      lastAcknowledgedAt: this.#lastAcknowledgedAt,
    };
  }

  /** Every bucket up to `at`, the one that is still open included. */
  series(at: number): readonly Bucket[] {
    this.#at(at);
    return [...this.#closed, close(this.#open)];
  }

  #at(at: number): OpenBucket {
    while (at >= this.#open.t + BUCKET_MS) {
      this.#closed.push(close(this.#open));
      this.#recent = [...this.#recent, this.#open].slice(-BUCKETS_A_SECOND);
      this.#open = empty(this.#open.t + BUCKET_MS);
    }
    return this.#open;
  }
}

const empty = (t: number): OpenBucket => ({
  t,
  sent: 0,
  acknowledged: 0,
  refused: 0,
  answered: 0,
  errors: 0,
  latencies: [],
});

const close = ({ latencies, ...counts }: OpenBucket): Bucket => ({ ...counts, ...percentiles(latencies) });

/** Exact: a bucket holds a few dozen. */
function percentiles(latencies: readonly number[]): {
  p50: number | null;
  p99: number | null;
  max: number | null;
} {
  const sorted = [...latencies].sort((a, b) => a - b);
  const at = (share: number): number | null => sorted[Math.ceil(sorted.length * share) - 1] ?? null;
  return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? null };
}
