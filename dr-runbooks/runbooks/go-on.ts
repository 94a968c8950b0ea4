import type { WitnessRecord } from "@castle/regions/witness/record.ts";
import type { ExecutionState } from "../engine/state.ts";
import { ExecutionRefused } from "./errors.ts";
import {
  type HandoverDecision,
  type HandoverPlan,
  type HandoverRequest,
  handoverPlanSchema,
  planHandover,
} from "./plan.ts";

/** An execution that is named, with what it is to do. */
export interface NamedExecution {
  readonly state: ExecutionState;
  readonly plan: HandoverPlan;
}

/** @throws ExecutionRefused that tells which there are. */
export function namedExecution(id: string, executions: readonly ExecutionState[]): NamedExecution {
  const state = executions.find((execution) => execution.id === id);
  if (!state) {
    const known = executions.slice(-5).map((execution) => execution.id);
    throw new ExecutionRefused(
      `there is no execution ${id}; ${known.length === 0 ? "none is recorded" : `the latest are ${known.join(", ")}`}`,
    );
  }
  const plan = handoverPlanSchema.safeParse(state.plan);
  if (plan.success) return { state, plan: plan.data };
  const { runbook } = state;
  const region = typeof state.plan.region === "string" ? ` --region ${state.plan.region}` : "";
  throw new ExecutionRefused(
    `${id} is no handover, and nothing of it is taken back: go on with it, or begin it anew, with castle ${runbook}${region}`,
  );
}

/** An execution that was begun and not finished. @throws ExecutionRefused */
export function unfinishedExecution(id: string, executions: readonly ExecutionState[]): NamedExecution {
  const named = namedExecution(id, executions);
  const { finished } = named.state;
  if (!finished) return named;
  const because = finished.because === undefined ? "" : ` (${finished.because})`;
  throw new ExecutionRefused(`${id} is over: ${finished.outcome}${because}. Nothing is left to be done`);
}

/**
 * Decides whether exactly this execution can be continued. Pure.
 * @throws ExecutionRefused when it is over, or its role went elsewhere.
 */
export function planToGoOn(
  id: string,
  { consentToLoss, hold = false }: Pick<HandoverRequest, "consentToLoss" | "hold">,
  record: WitnessRecord,
  executions: readonly ExecutionState[],
): HandoverDecision {
  const { state, plan } = unfinishedExecution(id, executions);
  const decision = planHandover({ kind: plan.kind, to: plan.to, consentToLoss, hold }, record, [state]);
  if (decision.kind === "refuse" || decision.kind === "resume") return decision;
  throw new ExecutionRefused(
    `${id} was to begin epoch ${plan.epoch}, and the role went elsewhere since: ${record.activeRegion} is active in epoch ${record.epoch}. Begin anew with castle ${plan.kind} --to ${plan.to}, or close it with castle cancel`,
  );
}
