import { orderMetrics } from "@castle/services/kernel/health/order-metrics.ts";
import { samplesOf } from "./prometheus.ts";

/** What one gateway has told since it started. */
export interface Reading {
  /** When it was read: milliseconds of a clock that never goes back. */
  readonly at: number;
  readonly acknowledged: number;
  /** What the exchange did not bring about, and what nobody waited for. */
  readonly errors: number;
  /** Acknowledgements that took at most so many seconds, the bounds in order; the last is infinite. */
  readonly within: readonly (readonly [bound: number, count: number])[];
}

/** @returns null when the text tells nothing of orders: no gateway's. */
export function readingOf(text: string, at: number): Reading | null {
  const samples = samplesOf(text, [orderMetrics.answers, `${orderMetrics.seconds}_bucket`]);
  if (samples.length === 0) return null;
  const count = (outcome: string): number =>
    samples.find(({ name, labels }) => name === orderMetrics.answers && labels.outcome === outcome)?.value ??
    0;
  const within = samples
    .filter(({ name }) => name === `${orderMetrics.seconds}_bucket`)
    .map(({ labels, value }) => [boundOf(labels.le), value] as const)
    .sort(([one], [other]) => one - other);
  return { at, acknowledged: count("acknowledged"), errors: count("error") + count("abandoned"), within };
}

const boundOf = (le: string | undefined): number =>
  le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le ?? Number.NaN);

/** What traders met in a span of time. */
export interface Figures {
  readonly acknowledgedPerSecond: number;
  readonly errorsPerSecond: number;
  /** Null when nothing was acknowledged: none is not a good one. */
  readonly p99Ms: number | null;
}

/** Two readings of one gateway. */
export interface Span {
  readonly before: Reading;
  readonly after: Reading;
}

/**
 * What came between, over all gateways together; null when there is none. A gateway whose counters went back was
 * started anew in between: what it has counted since then is what it counts.
 */
export function figuresOf(spans: readonly Span[]): Figures | null {
  const [first] = spans;
  if (!first) return null;
  let [acknowledged, errors] = [0, 0];
  const within = new Map<number, number>();
  for (const { before, after } of spans) {
    const seconds = (after.at - before.at) / 1_000;
    if (seconds <= 0) continue;
    const restarted = after.acknowledged < before.acknowledged || after.errors < before.errors;
    acknowledged += (after.acknowledged - (restarted ? 0 : before.acknowledged)) / seconds;
    errors += (after.errors - (restarted ? 0 : before.errors)) / seconds;
    const earlier = new Map(restarted ? [] : before.within);
    for (const [bound, count] of after.within)
      within.set(bound, (within.get(bound) ?? 0) + count - (earlier.get(bound) ?? 0));
  }
  return {
    acknowledgedPerSecond: acknowledged,
    errorsPerSecond: errors,
    p99Ms: quantileMs(within, 0.99),
  };
}

/** As Prometheus reads a quantile off a histogram: evenly spread within a bucket; beyond the last bound, that bound. */
function quantileMs(within: ReadonlyMap<number, number>, quantile: number): number | null {
  const buckets = [...within].sort(([one], [other]) => one - other);
  const total = buckets.at(-1)?.[1] ?? 0;
  if (total <= 0) return null;
  const rank = quantile * total;
  let [below, counted] = [0, 0];
  for (const [bound, count] of buckets) {
    if (count >= rank) {
      if (!Number.isFinite(bound)) return below * 1_000;
      return (below + (bound - below) * ((rank - counted) / (count - counted))) * 1_000;
    }
    [below, counted] = [bound, count];
  }
  return below * 1_000;
}
