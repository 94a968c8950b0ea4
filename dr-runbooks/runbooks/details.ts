import type { EventOf } from "../engine/event.ts";
import type { ProcessIdentity } from "../engine/process-identity.ts";
import { stepsOf } from "../engine/runbook.ts";
import type { ApprovalState, ExecutionState, SettledStep } from "../engine/state.ts";
import type { Facts, Failure } from "../engine/step.ts";
import { type Summary, summaryOf } from "../engine/summary.ts";
import { TAKE_THE_ROLE } from "../steps/take-the-role.ts";
import { catalogue } from "./catalogue.ts";
import { handoverPlanSchema } from "./plan.ts";

/** A step of an execution, as an operator wants to see it. Instants in milliseconds since 1970. */
export interface StepDetails {
  readonly name: string;
  /** `cut-off`: its runner ended while it was at work; whoever goes on asks first whether it is done. */
  readonly outcome: SettledStep["outcome"] | "running" | "cut-off" | "taken-back" | "not-begun";
  readonly startedAt: number | null;
  readonly ms: number | null;
  readonly facts: Facts;
  readonly error: string | null;
}

/** An approval of an execution: what was asked, and who answered how. */
export interface ApprovalDetails {
  readonly name: string;
  readonly state: "asked" | "given" | "passed-over";
  /** The figures asked about last, and until when an answer to them counts. */
  readonly figures: readonly string[];
  readonly until: number | null;
  readonly answer: Pick<
    EventOf<"approval-given">,
    "at" | "how" | "by" | "approver" | "key" | "because"
  > | null;
  readonly refused: readonly Pick<EventOf<"approval-refused">, "at" | "how" | "because" | "file">[];
}

export interface ExecutionDetails extends Summary {
  readonly plan: Facts;
  readonly steps: readonly StepDetails[];
  /** Those that were come to. */
  readonly approvals: readonly ApprovalDetails[];
  /** Why it ended as it did, or stopped where it did. */
  readonly because: string | null;
  /** What the failure means that stopped it, and what can be done. */
  readonly failure: (Failure & { readonly step: string }) | null;
  /** How to go on, in sentences; empty for one that is over. */
  readonly goOn: readonly string[];
}

/** @param holder the living process that is at work on it. Pure. */
export function detailsOf(
  state: ExecutionState,
  holder: ProcessIdentity | null,
  now: number,
): ExecutionDetails {
  const summary = summaryOf(state, holder !== null, now);
  const steps = stepsOfRunbook(state.runbook);
  const failed = steps.find(({ name }) => name === state.failure?.step)?.ifItFails;
  const approvals = Object.entries(state.approvals).map(([name, approval]) =>
    approvalDetails(name, approval),
  );
  return {
    ...summary,
    plan: state.plan,
    steps: stepDetails(
      state,
      steps.map(({ name }) => name),
      holder !== null,
      now,
    ),
    approvals,
    because: state.finished?.because ?? state.stopped,
    failure: state.failure && failed ? { ...failed, step: state.failure.step } : null,
    goOn: state.finished ? [] : howToGoOn(state, holder),
  };
}

function approvalDetails(
  name: string,
  { asked, given, refused, passedOver }: ApprovalState,
): ApprovalDetails {
  const last = asked.at(-1);
  return {
    name,
    state: given ? "given" : passedOver === null ? "asked" : "passed-over",
    figures: passedOver === null ? (last?.figures ?? []) : [`only if ${passedOver}`],
    until: last?.until ?? null,
    answer: given,
    refused,
  };
}

const stepsOfRunbook = (name: string) => {
  const runbook = catalogue.find((entry) => entry.runbook.name === name)?.runbook;
  return runbook ? stepsOf(runbook) : [];
};

function stepDetails(
  state: ExecutionState,
  names: readonly string[],
  isHeld: boolean,
  now: number,
): StepDetails[] {
  const settled = state.settled.map(({ step, startedAt, ms, outcome, facts, error }) => ({
    ...{ name: step, outcome, startedAt, ms, facts, error },
  }));
  const known = new Set(settled.map(({ name }) => name));
  const open = [...new Set([...names, ...Object.keys(state.begun)])].filter((name) => !known.has(name));
  return [...settled, ...open.map((name) => openStep(name, state, isHeld, now))];
}

function openStep(name: string, state: ExecutionState, isHeld: boolean, now: number): StepDetails {
  const startedAt = state.begun[name] ?? null;
  const { failure, finished } = state;
  const step = { name, startedAt, ms: null, facts: {}, error: null };
  if (startedAt === null) return { ...step, outcome: "not-begun" };
  if (failure?.step === name) return { ...step, outcome: failure.how, error: failure.error };
  if (finished) return { ...step, outcome: "taken-back" };
  return isHeld ? { ...step, outcome: "running", ms: now - startedAt } : { ...step, outcome: "cut-off" };
}

function howToGoOn(state: ExecutionState, holder: ProcessIdentity | null): string[] {
  if (holder)
    return [
      `Wait for process ${holder.pid} on ${holder.host}, which is at work on it, or stop it with Ctrl-C.`,
    ];
  if (!handoverPlanSchema.safeParse(state.plan).success)
    return [`Go on with it by the command that began it: castle ${state.runbook}.`];
  const resume = `Go on with: castle resume ${state.id}`;
  const hasTheRole = state.settled.some(({ step }) => step === TAKE_THE_ROLE);
  return hasTheRole
    ? [resume]
    : [resume, `Or close it, unless it took the role: castle cancel ${state.id} --because "…"`];
}
