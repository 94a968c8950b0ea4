import type { Handover, TimelinePoint } from "@castle/dr-runbooks/report/report.ts";
import type { RequestSample } from "../traders/records.ts";

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

/** How a request ended, as far as the return of the traders is concerned. Moments in milliseconds since 1970. */
type Ended = Pick<RequestSample, "accountId" | "due" | "done" | "end">;

/**
 * When each trader who asked for something after the outage was served again, counted from its start: of who asked no
 * more nothing can be said. A refusal for the command's own reasons is service too.
 */
export function tradersBack(
  samples: readonly Ended[],
  outage: { readonly from: number; readonly to: number },
): Handover["traders"] {
  const isServed = ({ done, end }: Ended): boolean =>
    done >= outage.to && end !== "rejected" && end !== "lost";
  const firstServed = new Map<number, number>();
  for (const sample of samples) {
    const { accountId, due, done } = sample;
    if (due < outage.from || (due < outage.to && !isServed(sample))) continue;
    const served = isServed(sample) ? done : Number.POSITIVE_INFINITY;
    firstServed.set(accountId, Math.min(served, firstServed.get(accountId) ?? Number.POSITIVE_INFINITY));
  }
  const waits = [...firstServed.values()]
    .filter(Number.isFinite)
    .map((at) => at - outage.from)
    .sort((a, b) => a - b);
  return {
    count: firstServed.size,
    back: waits.length,
    p50Ms: waits[Math.ceil(waits.length / 2) - 1] ?? null,
    maxMs: waits.at(-1) ?? null,
  };
}
