import { build } from "hdr-histogram-js";

/** Milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

const MICROSECONDS = 1_000;
/** The longest a request can take, with all its retries: two minutes. */
const LONGEST = 120_000 * MICROSECONDS;

/**
 * Percentiles of latencies in milliseconds, by an HDR histogram exact to three digits.
 * @returns null for none: no latency is not a good latency.
 */
export function latencyOf(latencies: Iterable<number>): Latency | null {
  const histogram = build({
    bitBucketSize: 32,
    highestTrackableValue: LONGEST,
    numberOfSignificantValueDigits: 3,
  });
  for (const ms of latencies)
    histogram.recordValue(Math.min(LONGEST, Math.max(1, Math.round(ms * MICROSECONDS))));
  if (histogram.totalCount === 0) return null;
  const at = (percentile: number): number => histogram.getValueAtPercentile(percentile) / MICROSECONDS;
  return { p50: at(50), p95: at(95), p99: at(99), max: histogram.maxValue / MICROSECONDS };
}
