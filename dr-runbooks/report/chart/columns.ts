import type { Report, TimelinePoint } from "../report.ts";

/** What one column of a picture shows: a few buckets of the timeline taken together. */
export interface Column {
  readonly startMs: number;
  readonly endMs: number;
  readonly answersPerSecond: number;
  readonly errorsPerSecond: number;
  /** The middle of the buckets' medians, and the worst of their p99: a spike is never averaged away. */
  readonly p50: number | null;
  readonly p99: number | null;
}

/** Whatever told a trader what came of a request. */
const answers = ({ acknowledged, refused, answered }: TimelinePoint): number =>
  acknowledged + refused + answered;

/**
 * The columns of the stretch from `fromMs` to `toMs`, at most `most` of them. Buckets the timeline leaves out count as
 * empty: silence is drawn as silence.
 */
export function columns(timeline: Report["timeline"], fromMs: number, toMs: number, most: number): Column[] {
  const { bucketMs } = timeline;
  const first = Math.floor(fromMs / bucketMs);
  const buckets = Math.max(1, Math.ceil(toMs / bucketMs) - first);
  const each = Math.ceil(buckets / most);
  const points = new Map(timeline.points.map((point) => [Math.round(point.t / bucketMs), point]));

  return Array.from({ length: Math.ceil(buckets / each) }, (_, i) => {
    const members = Array.from({ length: each }, (_, k) => points.get(first + i * each + k)).filter(
      (point) => point !== undefined,
    );
    const perSecond = 1_000 / (each * bucketMs);
    const medians = members.flatMap(({ p50 }) => (p50 === null ? [] : [p50])).sort((a, b) => a - b);
    const worst = members.flatMap(({ p99 }) => (p99 === null ? [] : [p99]));
    return {
      startMs: (first + i * each) * bucketMs,
      endMs: (first + (i + 1) * each) * bucketMs,
      answersPerSecond: members.reduce((sum, point) => sum + answers(point), 0) * perSecond,
      errorsPerSecond: members.reduce((sum, point) => sum + point.errors, 0) * perSecond,
      p50: medians[Math.floor(medians.length / 2)] ?? null,
      p99: worst.length > 0 ? Math.max(...worst) : null,
    };
  });
}
