import type { Step } from "./step.ts";

/** Sequences of steps that run beside each other. */
export interface Together<Context> {
  readonly together: readonly (readonly Step<Context>[])[];
}

export type Part<Context> = Step<Context> | Together<Context>;

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

/** The sequences of steps that a part consists of, beside each other. */
export const branchesOf = <Context>(part: Part<Context>): readonly (readonly Step<Context>[])[] =>
  "together" in part ? part.together : [[part]];

export const stepsOf = <Context>(runbook: Runbook<Context>): readonly Step<Context>[] =>
  runbook.parts.flatMap((part) => branchesOf(part).flat());

/** The steps that come before the point of no return, in order. */
export function stepsBefore<Context>(runbook: Runbook<Context>): readonly Step<Context>[] {
  const steps = stepsOf(runbook);
  return steps.slice(
    0,
    steps.findIndex((step) => step.name === runbook.pointOfNoReturn.step),
  );
}

/** Checks what types cannot: names are unique, the point of no return exists, and only steps before it have an undo. */
export function defineRunbook<Context>(runbook: Runbook<Context>): Runbook<Context> {
  const names = stepsOf(runbook).map((step) => step.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`runbook ${runbook.name}: two steps are named ${twice}`);
  const { step } = runbook.pointOfNoReturn;
  if (!runbook.parts.some((part) => "name" in part && part.name === step))
    throw new Error(`runbook ${runbook.name}: its point of no return, ${step}, is none of its steps`);
  const before = stepsBefore(runbook);
  const late = stepsOf(runbook).find((candidate) => candidate.undo && !before.includes(candidate));
  if (late) throw new Error(`runbook ${runbook.name}: ${late.name} cannot be undone behind ${step}`);
  return runbook;
}
