import { type Latency, latencyOf } from "./latency.ts";
import type { RequestSample } from "./records.ts";

/** A stretch of time, milliseconds since 1970: from `from` on, up to and without `to`. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

export interface WindowFigures {
  /** Requests that were due in the window; what follows says what became of them, whenever that was. */
  readonly sent: number;
  /** Commands among them that were acknowledged, at the first attempt or a later one. */
  readonly acknowledged: number;
  /** Commands that were definitely refused, such as a cancel of an order that had just been filled. */
  readonly refused: number;
  /** Queries that were answered. */
  readonly answered: number;
  /** Requests whose first attempt brought no usable answer. */
  readonly errors: number;
  /** Commands acknowledged or refused, from when they were due. */
  readonly latencyMs: Latency | null;
}

const within = (t: number, { from, to }: TimeWindow): boolean => t >= from && t < to;

/** The figures of all windows together. A request due in two of them counts once. */
export function figuresOf(samples: Iterable<RequestSample>, windows: readonly TimeWindow[]): WindowFigures {
  const counts = { sent: 0, acknowledged: 0, refused: 0, answered: 0, errors: 0 };
  const latencies: number[] = [];
  for (const sample of samples) {
    if (!windows.some((window) => within(sample.due, window))) continue;
    counts.sent += 1;
    if (sample.stumbled) counts.errors += 1;
    if (sample.end === "acknowledged" || sample.end === "refused" || sample.end === "answered")
      counts[sample.end] += 1;
    if (sample.command && (sample.end === "acknowledged" || sample.end === "refused"))
      latencies.push(sample.done - sample.due);
  }
  return { ...counts, latencyMs: latencyOf(latencies) };
}

export interface Gap extends TimeWindow {
  readonly ms: number;
}

/**
 * The longest time without any acknowledged command that touches the window: how long the platform was gone for its
 * traders. A gap reaches as far out of the window as it lasted.
 * @param acknowledgedAt when commands were acknowledged, in rising order.
 */
export function longestGap(acknowledgedAt: readonly number[], window: TimeWindow): Gap {
  let longest: Gap = { from: window.from, to: window.from, ms: 0 };
  const consider = (from: number, to: number): void => {
    if (to > window.from && from < window.to && to - from > longest.ms) longest = { from, to, ms: to - from };
  };
  let last: number | null = null;
  for (const at of acknowledgedAt) {
    consider(last ?? Math.min(window.from, at), at);
    last = at;
  }
  // Nothing is known of the time after the window: a silence that goes on counts up to its end.
  consider(last ?? window.from, window.to);
  return longest;
}

/**
 * When each trader had a command acknowledged again, in milliseconds since `from`; in rising order.
 * @param acknowledged in rising order of `t`.
 */
export function returnsOf(
  acknowledged: readonly { readonly t: number; readonly accountId: number }[],
  from: number,
): number[] {
  const seen = new Set<number>();
  const returns: number[] = [];
  for (const { t, accountId } of acknowledged) {
    if (t < from || seen.has(accountId)) continue;
    seen.add(accountId);
    returns.push(t - from);
  }
  return returns;
}
