import type { Duration } from "@castle/regions/duration.ts";
import type { Progress } from "@castle/regions/patience.ts";
import type { Condition } from "./condition.ts";

/**
 * `true` when it holds; otherwise what does not hold yet, in words an operator can use. What comes nearer by itself is
 * told as progress: it is waited for as long as it moves.
 */
export type Finding = true | string | Progress;

/** What does not hold yet, in words. */
export const wordsOf = (finding: Exclude<Finding, true>): string =>
  typeof finding === "string" ? finding : finding.words;

/** What a step leaves behind for the record and the report: plain JSON. */
export type Facts = Readonly<Record<string, unknown>>;

/** What a step is handed besides its context. */
export interface At {
  /** Aborted when the step's time is up. */
  readonly signal: AbortSignal;
  /** Says what is being waited for, to whoever watches and so that a time-out can name it; movement renews the time. */
  readonly note: (finding: Exclude<Finding, true>) => void;
}

/** A call to AWS, as the SDK and IAM name it: `rds`, `FailoverGlobalCluster`; or to a cluster: see kubernetes/calls.ts. */
export interface Call {
  readonly service: "dynamodb" | "rds" | "elasticache" | "globalaccelerator" | "sns" | "eks" | "kubernetes";
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
  /** What passes besides broken connections, throttling and a service's own failures; ends a sentence. */
  readonly also?: string;
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
  /**
   * For everything the step does, retries included, as long as nothing moves: it begins anew whenever what the step waits
   * for has come nearer (see {@link Finding}).
   */
  readonly timeout: Duration;
  /** What it asks of AWS; what it asks of databases, caches and journals is not listed. */
  readonly calls?: readonly Call[];
  readonly ifItFails?: Failure;
  /** Looked at once, when the step is come to; a step that is passed over is behind the execution. */
  readonly when?: Condition<Context>;
  /**
   * What must hold before the step may act, looked at before each attempt that is not done already. A step whose
   * precondition does not hold within its timeout is blocked: nothing was done.
   */
  readonly precondition?: (context: Context, at: At) => Promise<Finding>;
  /** How often precondition and verification are asked until they hold; every 25 ms by default. */
  readonly pollEvery?: Duration;
  /** The precondition in words: ends a sentence that begins with "It acts only once". */
  readonly needs?: string;
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
