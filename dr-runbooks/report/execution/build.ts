import type { ExecutionEvent } from "../../engine/event.ts";
import type { ProcessIdentity } from "../../engine/process-identity.ts";
import { stepsOf } from "../../engine/runbook.ts";
import { stateOf } from "../../engine/state.ts";
import { tellWho } from "../../engine/who.ts";
import { type RecordedReconciliation, reconcilePlanSchema } from "../../reconcile/recorded.ts";
import { catalogue } from "../../runbooks/catalogue.ts";
import { detailsOf } from "../../runbooks/details.ts";
import { operationPlanSchema } from "../../runbooks/operations/plan.ts";
import { handoverPlanSchema } from "../../runbooks/plan.ts";
import { resultOf } from "../../runbooks/result.ts";
import type { Target } from "../../target.ts";
import { approvalsOf } from "./approvals.ts";
import { notListed } from "./not-listed.ts";
import { recoveryPoint } from "./recovery-point.ts";
import { objectivesOf, recoveryTime } from "./recovery-time.ts";
import type { ExecutionReport } from "./report.ts";
import { runsOf } from "./runs.ts";
import { verdictOf } from "./verdict.ts";

/** What a report is made of. */
export interface ReportSources {
  readonly target: Pick<Target, "name" | "kind">;
  readonly events: readonly ExecutionEvent[];
  /** The living process that is at work on it. */
  readonly holder: ProcessIdentity | null;
  /** How long steps took before: milliseconds by name. */
  readonly usual: ReadonlyMap<string, number>;
  /** The latest reconciliation of this handover. */
  readonly reconciled: RecordedReconciliation | null;
  readonly evidence: ExecutionReport["evidence"];
  readonly copies: ExecutionReport["copies"];
  /** When the outage began, as an operator tells it. */
  readonly outageSince: number | null;
  readonly madeAt: number;
}

/** The report of an execution. Pure. @throws Error when the events do not begin with "started". */
export function buildReport(sources: ReportSources): ExecutionReport {
  const { events, holder, madeAt, target, evidence } = sources;
  const state = stateOf(events);
  const details = detailsOf(state, holder, madeAt);
  const objectives = objectivesOf(events);
  const calls = events.flatMap((event) => (event.kind === "call" ? [event] : []));
  const looks = events.flatMap((event) => (event.kind === "looked" ? [event] : []));
  const runbook = catalogue.find((entry) => entry.runbook.name === state.runbook)?.runbook;
  const purposes = new Map(runbook ? stepsOf(runbook).map(({ name, purpose }) => [name, purpose]) : []);
  const known = {
    runbook: state.runbook,
    standing: details.state,
    because: details.because,
    ...placesOf(state.plan),
    recoveryTime: recoveryTime(state, objectives, sources.outageSince),
    recoveryPoint: recoveryPoint(state, objectives, sources.reconciled),
    steps: details.steps.map(({ name, outcome, startedAt, ms, facts, error }) => ({
      ...{ name, purpose: purposes.get(name) ?? "", outcome, startedAt, ms },
      usualMs: sources.usual.get(name) ?? null,
      calls: calls.filter(({ during }) => during === name).length,
      ...{ facts, error },
    })),
  };
  return {
    format: 1,
    madeAt,
    target: { name: target.name, kind: target.kind },
    id: state.id,
    purpose: runbook?.purpose ?? "",
    ...known,
    // What was altered may say whatever somebody wants it to.
    verdict: evidence.holds
      ? verdictOf(known)
      : `The record was altered, and proves nothing. As it stands now, it says: ${verdictOf(known)}`,
    startedAt: state.startedAt,
    endedAt: details.endedAt,
    objectives,
    replayed: handoverPlanSchema.safeParse(state.plan).success
      ? Object.values(resultOf(state, false).replayed).reduce((sum, count) => sum + count, 0)
      : 0,
    runs: runsOf(events, holder !== null),
    approvals: approvalsOf(events),
    actors: actorsOf(events),
    calls,
    notListed: [...notListed],
    copies: [...sources.copies],
    readiness: {
      before: looks.find(({ when }) => when === "before") ?? null,
      after: looks.findLast(({ when }) => when === "after") ?? null,
    },
    evidence,
  };
}

function placesOf(plan: unknown): Pick<ExecutionReport, "from" | "to" | "epoch"> {
  const handover = handoverPlanSchema.safeParse(plan);
  if (handover.success) {
    const { from, to, epoch } = handover.data;
    return { from, to, epoch };
  }
  const reconciled = reconcilePlanSchema.safeParse(plan).data;
  if (reconciled) return { from: null, to: reconciled.region, epoch: reconciled.epoch };
  const operation = operationPlanSchema.safeParse(plan);
  return operation.success
    ? { from: null, to: operation.data.region, epoch: operation.data.epoch }
    : { from: null, to: "unknown", epoch: 0 };
}

/** Who did what with the execution, in order. */
const actorsOf = (events: readonly ExecutionEvent[]): ExecutionReport["actors"] =>
  events.flatMap((event) => {
    const did = deedOf(event);
    if (did === null || !("by" in event) || !event.by) return [];
    return [{ at: event.at, who: tellWho(event.by), did }];
  });

function deedOf(event: ExecutionEvent): string | null {
  switch (event.kind) {
    case "started":
      return "began it";
    case "resumed":
      return event.from === "top" ? "went on with it, from the top" : "went on with it";
    case "step-skipped":
      return `skipped ${event.step}: ${event.because}`;
    case "paused":
      return `paused it: ${event.because}`;
    case "finished":
      return `closed it: ${event.because ?? event.outcome}`;
    default:
      return null;
  }
}
