import type { Duration } from "@castle/regions/duration.ts";

/** `true` when it holds; otherwise what does not hold yet, in words an operator can use. */
export type Finding = true | string;

/** What a step leaves behind for the record and the report: plain JSON. */
export type Facts = Readonly<Record<string, unknown>>;

/** What a step is handed besides its context. */
export interface At {
  /** Aborted when the step's time is up. */
  readonly signal: AbortSignal;
  /** Says what is being waited for, so that a time-out can name it. */
  readonly note: (finding: string) => void;
}

export interface RetryPolicy {
  /** At most this often, and never past the step's timeout. */
  readonly attempts: number;
  readonly pause: Duration;
  /** Whether trying again may help. */
  readonly transient: (error: unknown) => boolean;
}

/**
 * One step of a runbook. It says what it does, knows whether it is done, and proves that it worked. Each attempt asks
 * `isDone` first, so that nothing whose fate is unknown is ever reissued blindly: a step may be killed at any point and
 * started again.
 */
export interface Step<Context> {
  readonly name: string;
  /** One sentence for the operator. */
  readonly purpose: string;
  /** For everything the step does, retries included. */
  readonly timeout: Duration;
  readonly isDone?: (context: Context, at: At) => Promise<boolean>;
  // biome-ignore lint/suspicious/noConfusingVoidType: a step with nothing to tell just ends.
  readonly run: (context: Context, at: At) => Promise<Facts | void>;
  /** Asked until it holds, also for a step that was done already. */
  readonly verify?: (context: Context, at: At) => Promise<Finding>;
  /** A failure is reported and the runbook goes on. */
  readonly bestEffort?: boolean | ((context: Context) => boolean);
  readonly retry?: RetryPolicy;
  /** Takes the step back when the runbook fails before its point of no return. */
  readonly undo?: {
    readonly purpose: string;
    readonly run: (context: Context, at: At) => Promise<void>;
  };
}

/** Sequences of steps that run beside each other. */
export interface Together<Context> {
  readonly together: readonly (readonly Step<Context>[])[];
}

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
  readonly parts: readonly (Step<Context> | Together<Context>)[];
  /** Before it, a failure is undone; behind it, a run is continued. */
  readonly pointOfNoReturn: PointOfNoReturn;
}

export function stepsOf<Context>(runbook: Runbook<Context>): readonly Step<Context>[] {
  return runbook.parts.flatMap((part) => ("together" in part ? part.together.flat() : [part]));
}

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
