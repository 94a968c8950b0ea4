/** A reading that was kept. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly value: number;
}

/** The readings of one period together. */
export interface Datapoint {
  /** When the period begins: milliseconds since 1970. */
  readonly at: number;
  readonly SampleCount: number;
  readonly Sum: number;
  readonly Average: number;
  readonly Minimum: number;
  readonly Maximum: number;
}

export const statistics = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"] as const;
export type Statistic = (typeof statistics)[number];

/**
 * Datapoints of a metric between two times, oldest first. As in CloudWatch a datapoint stands at the beginning of its
 * period, `from` is included and `to` is not, and a period without a sample has no datapoint. Times in milliseconds since
 * 1970. Pure.
 */
export function datapoints(
  samples: readonly Sample[],
  { from, to, periodMs }: { readonly from: number; readonly to: number; readonly periodMs: number },
): readonly Datapoint[] {
  const periods = new Map<number, number[]>();
  for (const { at, value } of samples) {
    const begins = Math.floor(at / periodMs) * periodMs;
    if (begins + periodMs <= from || begins >= to) continue;
    periods.set(begins, [...(periods.get(begins) ?? []), value]);
  }
  return [...periods]
    .sort(([a], [b]) => a - b)
    .map(([at, values]) => {
      const Sum = values.reduce((sum, value) => sum + value, 0);
      return {
        ...{ at, Sum, SampleCount: values.length, Average: Sum / values.length },
        ...{ Minimum: Math.min(...values), Maximum: Math.max(...values) },
      };
    });
}

/** CloudWatch's periods: whole minutes, or one of the short ones of a metric with high resolution. */
export const isPeriod = (seconds: number): boolean =>
  [1, 5, 10, 20, 30].includes(seconds) || (seconds > 0 && seconds % 60 === 0);
