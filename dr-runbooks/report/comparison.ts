import { z } from "zod";
import { findings } from "./findings.ts";
import { machineSchema, type Report } from "./report.ts";

const count = z.number().int().nonnegative();
const ms = z.number().nonnegative();

const play = z.strictObject({
  scenario: z.string().min(1),
  /** Which time it was played, from 1. */
  nth: z.number().int().positive(),
  seed: z.number().int(),
  happens: z.string(),
  holds: z.string(),
  verdict: z.enum(["pass", "fail"]),
  /** Starting a lab included, where one was started for it. */
  tookMs: ms,
  /** How long traders had no acknowledgement in each handover. */
  gaps: z.array(z.strictObject({ kind: z.enum(["failover", "switchover"]), ms })),
  /** null when the play ended before there was anything to count. */
  counts: z
    .strictObject({ sent: count, acknowledged: count, errors: count, lost: count, facts: count })
    .nullable(),
  /** In the steady phases. Tells, and is not judged. */
  latencyMs: z.strictObject({ p50: ms, p99: ms }).nullable(),
  /** What is wrong, a sentence each; empty exactly when it passed. */
  findings: z.array(z.string()),
  /** Its own report, relative to the comparison; null when there is none. */
  report: z.string().nullable(),
});

/** Several scenarios, played one after the other. */
export const comparisonSchema = z.strictObject({
  format: z.literal(1),
  verdict: z.enum(["pass", "fail"]),
  startedAt: z.iso.datetime(),
  durationMs: ms,
  machine: machineSchema,
  plays: z.array(play),
});

export type Comparison = z.infer<typeof comparisonSchema>;
export type ComparedPlay = Comparison["plays"][number];

/** What is known of a play besides its report. */
export type About = Pick<ComparedPlay, "scenario" | "nth" | "seed" | "happens" | "holds" | "tookMs">;

/** One row of the comparison. Pure. */
export const comparedPlay = (about: About, report: Report, link: string): ComparedPlay => ({
  ...about,
  verdict: report.verdict,
  gaps: report.handovers.map(({ kind, clientGapMs }) => ({ kind, ms: clientGapMs })),
  counts: {
    sent: report.load.sent,
    acknowledged: report.load.acknowledged,
    errors: report.load.errors,
    lost: report.audit.lostAcknowledged,
    facts: Object.values(report.audit.checked).reduce((sum, n) => sum + n, 0),
  },
  latencyMs: report.load.latencyMs && { p50: report.load.latencyMs.p50, p99: report.load.latencyMs.p99 },
  findings: report.verdict === "pass" ? [] : findings(report),
  report: link,
});

/** The row of a play that did not come to a report: that it failed is all there is to tell. */
export const brokenPlay = (about: About, because: string): ComparedPlay => ({
  ...about,
  verdict: "fail",
  gaps: [],
  counts: null,
  latencyMs: null,
  findings: [because],
  report: null,
});

/** Passed only if something was played, and all of it passed. */
export const comparisonVerdict = (plays: readonly ComparedPlay[]): Comparison["verdict"] =>
  plays.length > 0 && plays.every(({ verdict }) => verdict === "pass") ? "pass" : "fail";
