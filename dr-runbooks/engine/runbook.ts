import type { Approval } from "./approval.ts";
import type { Condition } from "./condition.ts";
import type { Step } from "./step.ts";

/** Sequences of steps that run beside each other. */
export interface Together<Context> {
  readonly together: readonly (readonly Step<Context>[])[];
  /** Of all of them; each step may have one of its own. */
  readonly when?: Condition<Context>;
}

/** An approval stands before what it is about: it is asked for as long as the part behind it is not settled. */
export type Part<Context> = Step<Context> | Together<Context> | Approval<Context>;

export interface PointOfNoReturn {
  /** Name of the step that passes it. */
  readonly step: string;
  /** Whether this failure of that step proves that the point was not passed. Otherwise nobody knows. */
  readonly notPassedWhen: (error: unknown) => boolean;
}

/** A list that an operator can read aloud. */
export interface Runbook<Context> {
  readonly name: string;
  readonly purpose: string;
  readonly parts: readonly Part<Context>[];
  /** Before it, a failure is undone; behind it, a run is continued. */
  readonly pointOfNoReturn: PointOfNoReturn;
}

export const isApproval = <Context>(part: Part<Context>): part is Approval<Context> => "asks" in part;

/** The sequences of steps that a part consists of, beside each other; none of an approval. */
export function branchesOf<Context>(part: Part<Context>): readonly (readonly Step<Context>[])[] {
  if (isApproval(part)) return [];
  return "together" in part ? part.together : [[part]];
}

export const stepsOf = <Context>(runbook: Runbook<Context>): readonly Step<Context>[] =>
  runbook.parts.flatMap((part) => branchesOf(part).flat());

export const approvalsOf = <Context>(runbook: Runbook<Context>): readonly Approval<Context>[] =>
  runbook.parts.filter(isApproval);

/** Steps and approvals, in order. */
export const namedPartsOf = <Context>(
  runbook: Runbook<Context>,
): readonly (Step<Context> | Approval<Context>)[] =>
  runbook.parts.flatMap((part): readonly (Step<Context> | Approval<Context>)[] =>
    isApproval(part) ? [part] : branchesOf(part).flat(),
  );

/** The steps that come before the point of no return, in order. */
export function stepsBefore<Context>(runbook: Runbook<Context>): readonly Step<Context>[] {
  const steps = stepsOf(runbook);
  return steps.slice(
    0,
    steps.findIndex((step) => step.name === runbook.pointOfNoReturn.step),
  );
}

/** Whether the step or approval of this name comes before the point of no return. */
export function isBefore<Context>(runbook: Runbook<Context>, name: string): boolean {
  const names = namedPartsOf(runbook).map((part) => part.name);
  const at = names.indexOf(name);
  return at >= 0 && at < names.indexOf(runbook.pointOfNoReturn.step);
}

/** The steps that the approval is about: those of the next part that has any. */
export function guardedBy<Context>(
  runbook: Runbook<Context>,
  approval: Approval<Context>,
): readonly Step<Context>[] {
  const behind = runbook.parts.slice(runbook.parts.indexOf(approval) + 1);
  const next = behind.find((part) => !isApproval(part));
  return next ? branchesOf(next).flat() : [];
}

/**
 * Checks what types cannot: names are unique; the point of no return exists, always comes, and has every undo before it;
 * an approval is about something, and its answer can be typed.
 */
export function defineRunbook<Context>(runbook: Runbook<Context>): Runbook<Context> {
  const mistake = (what: string): never => {
    throw new Error(`runbook ${runbook.name}: ${what}`);
  };
  const names = namedPartsOf(runbook).map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) mistake(`two steps or approvals are named ${twice}`);

  const { step } = runbook.pointOfNoReturn;
  const point = runbook.parts.find((part) => "run" in part && part.name === step);
  if (!point) mistake(`its point of no return, ${step}, is none of its steps`);
  if (point?.when) mistake(`its point of no return, ${step}, must not be passed over`);
  const before = stepsBefore(runbook);
  const late = stepsOf(runbook).find((candidate) => candidate.undo && !before.includes(candidate));
  if (late) mistake(`${late.name} cannot be undone behind ${step}`);

  for (const approval of approvalsOf(runbook)) {
    if (guardedBy(runbook, approval).length === 0)
      mistake(`behind ${approval.name} nothing is left to approve`);
    if (approval.counts.ms === 0) mistake(`an answer to ${approval.name} would never count`);
  }
  const wordless = [...runbook.parts, ...stepsOf(runbook)].find(({ when }) => when?.words.trim() === "");
  if (wordless) mistake("a condition has no words");
  return runbook;
}
