import type { Handover, TimelinePoint } from "@castle/dr-runbooks/report/report.ts";

/** A stretch of the drill, in milliseconds since the first request of the load. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** How long the rate of answers must last to count as back, and how much of the requested one it must reach. */
const FULL_RATE = { overMs: 1_000, share: 0.8 };

/** From the outage's start until answers came at the requested rate again; null when they did not before `untilMs`. */
export function fullRateAfter(
  timeline: { readonly bucketMs: number; readonly points: readonly TimelinePoint[] },
  outage: Span,
  untilMs: number,
  requestedRps: number,
): number | null {
  const { bucketMs } = timeline;
  const width = Math.max(1, Math.round(FULL_RATE.overMs / bucketMs));
  const wanted = requestedRps * FULL_RATE.share * ((width * bucketMs) / 1_000);
  const points = timeline.points.filter(({ t }) => t + bucketMs > outage.endMs && t + bucketMs <= untilMs);
  const first = points.findIndex((_, i) => {
    const window = points.slice(i, i + width);
    return window.length === width && window.reduce((sum, point) => sum + answers(point), 0) >= wanted;
  });
  const back = points[first];
  return back === undefined ? null : Math.max(back.t, outage.endMs) - outage.startMs;
}

const answers = ({ acknowledged, refused, answered }: TimelinePoint): number =>
  acknowledged + refused + answered;

/**
 * How the traders came back.
 * @param count traders that sent something since the outage began
 * @param returns when each of them had a command acknowledged again, counted from the outage's start, in rising order
 */
export const tradersBack = (count: number, returns: readonly number[]): Handover["traders"] => ({
  count,
  back: returns.length,
  p50Ms: returns[Math.ceil(returns.length / 2) - 1] ?? null,
  maxMs: returns.at(-1) ?? null,
});
