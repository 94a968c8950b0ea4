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

/** A call to AWS, as the SDK and IAM name it: `rds`, `FailoverGlobalCluster`. */
export interface Call {
  readonly service: "dynamodb" | "rds" | "elasticache" | "globalaccelerator";
  readonly operation: string;
  /** Which region's control plane is asked. */
  readonly in: "target" | "old" | "witness" | "accelerator";
  /** Changes nothing, and is made in a dry run too. */
  readonly reads: boolean;
}

/** For the operator who stands before a step that failed, at 3 a.m. */
export interface Failure {
  /** What it means: what holds and what does not, for traders and for data. */
  readonly means: string;
  /** What can be done, in order, each one sentence that begins with a verb. */
  readonly then: readonly string[];
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
  /** What it asks of AWS; what it asks of databases, caches and journals is not listed. */
  readonly calls?: readonly Call[];
  readonly ifItFails?: Failure;
  /**
   * What must hold before the step may act, looked at before each attempt that is not done already. A step whose
   * precondition does not hold within its timeout is blocked: nothing was done.
   */
  readonly precondition?: (context: Context, at: At) => Promise<Finding>;
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
