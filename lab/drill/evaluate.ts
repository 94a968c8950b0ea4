import { stepsOf } from "@castle/dr-runbooks/engine/runbook.ts";
import type { Handover, Mark, Report, SteadyPhase } from "@castle/dr-runbooks/report/report.ts";
import { runbooks } from "@castle/dr-runbooks/runbooks/run.ts";
import { BUCKET_MS } from "../traders/figures.ts";
import type { TraderRecords } from "../traders/trader-records.ts";
import type { TimeWindow, WindowFigures } from "../traders/windows.ts";
import type { DrillOptions } from "./options.ts";
import { cutsOf, phasesMs } from "./phases.ts";
import { fullRateAfter, tradersBack } from "./recovery.ts";
import type { PlayedHandover } from "./stage.ts";

/** The traders' records, as far as the figures need them. */
export type Records = Pick<
  TraderRecords,
  "summary" | "series" | "totals" | "samples" | "figures" | "clientGap"
>;

/** What the traders saw, in the report's time. */
export function evaluateLoad(
  records: Records,
  marks: readonly Mark[],
  { rps: requestedRps, judgeSpeed }: Pick<DrillOptions, "rps" | "judgeSpeed">,
): Report["load"] {
  const zero = records.summary.startedAt;
  const steady = marks.filter(({ kind }) => kind === "steady").map((mark) => undisturbed(mark, judgeSpeed));
  const window = ({ startMs, endMs }: Mark): TimeWindow => ({ from: zero + startMs, to: zero + endMs });
  const { sent, acknowledged, refused, answered, errors, lost } = records.totals;
  return {
    requestedRps,
    ...{ sent, acknowledged, refused, answered, errors },
    unresolved: lost + records.summary.underWay,
    latencyMs: rounded(records.figures(steady.map(window)).latencyMs),
    steady: steady.map((mark): SteadyPhase => {
      const { latencyMs, ...counts } = records.figures([window(mark)]);
      const { name, startMs, endMs } = mark;
      return { name, startMs, endMs, ...counts, latencyMs: rounded(latencyMs) };
    }),
  };
}

/**
 * What was due at the very end of a steady phase may be answered in the next act, and suffer from it. Where speed is not
 * judged a busy machine may take its time.
 */
const ANSWERED_WITHIN_MS = { judged: 250, unjudged: 1_000 } as const;

function undisturbed({ endMs, ...mark }: Mark, judgeSpeed: boolean): Mark {
  const answeredWithinMs = ANSWERED_WITHIN_MS[judgeSpeed ? "judged" : "unjudged"];
  return { ...mark, endMs: endMs - Math.min(answeredWithinMs, (endMs - mark.startMs) / 2) };
}

export const evaluateTimeline = ({ series, summary }: Records): Report["timeline"] => ({
  bucketMs: BUCKET_MS,
  points: series
    .filter(({ t }) => t >= summary.startedAt - BUCKET_MS)
    .map(({ t, sent, acknowledged, refused, answered, errors, p50, p99 }) => ({
      t: Math.max(0, t - summary.startedAt),
      ...{ sent, acknowledged, refused, answered, errors },
      p50: p50 === null ? null : round(p50),
      p99: p99 === null ? null : round(p99),
    })),
});

/**
 * Each handover as traders saw it. What it cost them is looked for from the fault (or the command) until the next
 * handover began, or the load ended.
 */
export function evaluateHandovers(
  played: readonly PlayedHandover[],
  records: Records,
  timeline: Report["timeline"],
  requestedRps: number,
): Omit<Handover, "evidence">[] {
  return played.map((handover, i) =>
    evaluateHandover(handover, {
      ...{ records, timeline, requestedRps },
      until: played[i + 1]?.since ?? records.summary.stoppedAt,
    }),
  );
}

interface Surroundings {
  readonly records: Records;
  readonly timeline: Report["timeline"];
  readonly requestedRps: number;
  /** Milliseconds since 1970. */
  readonly until: number;
}

function evaluateHandover(
  { result, since, noticedAt }: PlayedHandover,
  { records, timeline, requestedRps, until }: Surroundings,
): Omit<Handover, "evidence"> {
  const zero = records.summary.startedAt;
  const told = (at: number): number => round(Math.max(0, at - zero));
  const gap = records.clientGap({ from: since, to: until });
  const outage = { startMs: told(gap.from), endMs: told(gap.to) };
  const steps = stepsTold(result, told);
  const detection = noticedAt === null ? [] : [{ phase: "detect", endMs: told(noticedAt) }];
  return {
    kind: result.kind,
    from: result.from,
    to: result.to,
    epoch: result.epoch,
    clientGapMs: round(gap.ms),
    outage,
    fullRateMs: fullRateAfter(timeline, outage, until - zero, requestedRps),
    traders: tradersRounded(tradersBack(records.samples, gap)),
    replayed: Object.values(result.replayed).reduce((sum, n) => sum + n, 0),
    phasesMs: phasesMs(told(since), [...detection, ...cutsOf(result.kind, steps)], outage.endMs),
    startMs: told(since),
    steps,
  };
}

function stepsTold(result: PlayedHandover["result"], told: (at: number) => number): Handover["steps"] {
  const purposes = new Map(stepsOf(runbooks[result.kind]).map(({ name, purpose }) => [name, purpose]));
  return result.steps.map(({ name, startedAt, ms, outcome, error }) => ({
    name,
    purpose: purposes.get(name) ?? "",
    startMs: told(startedAt),
    endMs: told(startedAt + ms),
    ...{ outcome, error },
  }));
}

const tradersRounded = (traders: Handover["traders"]): Handover["traders"] => ({
  ...traders,
  p50Ms: traders.p50Ms === null ? null : round(traders.p50Ms),
  maxMs: traders.maxMs === null ? null : round(traders.maxMs),
});

const round = (ms: number): number => Math.round(ms * 10) / 10;

const rounded = (latency: WindowFigures["latencyMs"]): Report["load"]["latencyMs"] =>
  latency && {
    p50: round(latency.p50),
    p95: round(latency.p95),
    p99: round(latency.p99),
    max: round(latency.max),
  };
