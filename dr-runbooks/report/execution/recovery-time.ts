import type { ExecutionEvent } from "../../engine/event.ts";
import type { ExecutionState } from "../../engine/state.ts";
import type { Objectives } from "../../objectives.ts";
import { handoverPlanSchema } from "../../runbooks/plan.ts";
import { closeOldCell } from "../../steps/close-old-cell.ts";
import { FENCE_OLD_CELL } from "../../steps/fence-old-cell.ts";
import { open } from "../../steps/gate.ts";
import type { RecoveryTime } from "./report.ts";

interface Beginning {
  readonly at: number;
  readonly what: string;
}

/**
 * How long nobody could trade, against the objective: until the step that opens the target has ended. From what the
 * operator tells, else from the last command that the old cell is known to have accepted; of a switchover from the moment
 * that its gate is closed. Pure.
 * @param outageSince as told by an operator: milliseconds since 1970
 */
export function recoveryTime(
  state: ExecutionState,
  objectives: Objectives | null,
  outageSince: number | null,
): RecoveryTime | null {
  const plan = handoverPlanSchema.safeParse(state.plan);
  if (!plan.success) return null;
  const wantedMs = objectives && objectives.recoveryTimeSeconds * 1_000;
  const from = beginningOf(state, outageSince);
  const opened = state.settled.find(({ step }) => step === open.name);
  if (!opened) return { wantedMs, foundMs: null, met: null, counted: `${plan.data.to} was not opened` };
  const foundMs = Math.max(0, opened.endedAt - from.at);
  const met = wantedMs === null ? null : foundMs <= wantedMs;
  return { wantedMs, foundMs, met, counted: `from ${from.what} until ${plan.data.to} was open` };
}

function beginningOf(state: ExecutionState, outageSince: number | null): Beginning {
  if (outageSince !== null) return { at: outageSince, what: "the outage's beginning as an operator told it" };
  const closing = state.begun[closeOldCell.name];
  if (closing !== undefined) return { at: closing, what: "the closing of the old cell's gate" };
  const accepted = state.settled.find(({ step }) => step === FENCE_OLD_CELL)?.facts.lastAcceptedAt;
  // Written by the old cell's clock: one that runs ahead of this one's tells nothing.
  if (typeof accepted === "number" && accepted <= state.startedAt)
    return {
      at: accepted,
      what: "the last command that the old cell is known to have accepted (it was lost no earlier)",
    };
  return { at: state.startedAt, what: "the beginning of the execution (when the outage began was not told)" };
}

/** What the execution had to keep to, as recorded when it began. Pure. */
export function objectivesOf(events: readonly ExecutionEvent[]): Objectives | null {
  const first = events[0];
  return first?.kind === "started" ? (first.objectives ?? null) : null;
}
