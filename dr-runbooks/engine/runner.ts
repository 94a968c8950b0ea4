import type { HeardCalls } from "@castle/regions/calls/heard.ts";
import type { Approval, Approver } from "./approval.ts";
import { approvalCounts, askFor } from "./ask.ts";
import { conditionHolds } from "./condition.ts";
import type { EventOf, ExecutionEvent } from "./event.ts";
import { Interrupted, interruption, Paused } from "./interrupted.ts";
import { ClaimLost, type Mandate, unclaimed } from "./mandate.ts";
import { perform } from "./perform.ts";
import type { ExecutionRecord } from "./record.ts";
import { guardedBy, isApproval, isBefore, type Part, type Runbook } from "./runbook.ts";
import type { Step } from "./step.ts";
import { StepFailure } from "./step-failure.ts";
import { takeBack } from "./take-back.ts";
import { Telling } from "./telling.ts";
import { whoActs } from "./who.ts";

export interface RunOptions<Context> {
  readonly runbook: Runbook<Context>;
  readonly context: Context;
  /** Begun, or opened to continue. Steps that it tells are settled are not run again. */
  readonly record: Pick<ExecutionRecord, "state" | "append">;
  readonly onEvent?: (event: ExecutionEvent) => void;
  /** Told, often, what the step at work waits for and how far it is: `drain: BTCUSDT: 5 accepted, 3 in the journal`. */
  readonly onAwaiting?: (what: string) => void;
  /** Aborted by an operator who wants to stop: the step at work is finished first. */
  readonly stop?: AbortSignal;
  /** Asked before anything is done: another execution may have the right to act by now. */
  readonly mandate?: Mandate;
  /** Hears of the calls to AWS, and may have before the run: all of them stand in the record. */
  readonly calls?: HeardCalls;
  /** Looks whether somebody wants it to stop, right before each part; that aborts `stop`. */
  readonly look?: () => Promise<void>;
  /** Who is asked where the runbook wants an approval; nobody by default. */
  readonly approver?: Approver;
  readonly looks?: Looks;
}

/** Looks at how ready the peer is; what they see stands in the record. They reject never, and take seconds at most. */
export interface Looks {
  readonly before?: () => Promise<EventOf<"looked">>;
  readonly after?: () => Promise<EventOf<"looked">>;
}

/**
 * - `done`: every step is settled; the execution is finished.
 * - `undone`: a step before the point of no return failed; what had been done is taken back; finished.
 * - `stopped`: something failed, or an operator stopped it, and running it again goes on with it.
 */
export type RunOutcome =
  | { readonly outcome: "done" }
  | { readonly outcome: "undone" | "stopped"; readonly step: string; readonly error: Error };

/** Runs a runbook to its end, or as far as it gets. Resolves in every case but a broken record. */
export async function run<Context>(options: RunOptions<Context>): Promise<RunOutcome> {
  const runner = new Runner(options);
  try {
    await runner.runAll();
    await runner.tell({ kind: "finished", at: Date.now(), outcome: "done" });
    return { outcome: "done" };
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    return runner.giveUp(error);
  }
}

/**
 * Closes an execution that is not to go on: takes back what it did before its point of no return, which it must not
 * have passed. @returns whether it is closed; not when something could not be taken back.
 */
export async function cancel<Context>(options: RunOptions<Context>, because: string): Promise<boolean> {
  const runner = new Runner(options);
  const at = (): number => Date.now();
  if (await runner.undo()) {
    await runner.tell({ kind: "finished", at: at(), outcome: "canceled", because, by: whoActs() });
    return true;
  }
  await runner.tell({ kind: "stopped", at: at(), because: `it could not be canceled (${because})` });
  return false;
}

class Runner<Context> {
  readonly #options: RunOptions<Context>;
  readonly #mandate: Mandate;
  /** Set by the first branch that fails: the others finish the step they are at, and no more. */
  #failed: StepFailure | null = null;
  readonly #telling: Telling;
  readonly #never = new AbortController().signal;

  constructor(options: RunOptions<Context>) {
    this.#options = options;
    this.#mandate = options.mandate ?? unclaimed;
    const { record, onEvent, calls } = options;
    this.#telling = new Telling({ record, onEvent, calls, mandate: this.#mandate });
  }

  tell(event: ExecutionEvent): Promise<void> {
    return this.#telling.tell(event);
  }

  undo(): Promise<boolean> {
    const { runbook, context, record } = this.#options;
    return takeBack({ runbook, context, record, mandate: this.#mandate, telling: this.#telling });
  }

  async runAll(): Promise<void> {
    const { runbook, looks } = this.#options;
    await this.#lookAround(looks?.before);
    for (const part of runbook.parts) await this.#runPart(part);
    await this.#lookAround(looks?.after);
  }

  async #lookAround(look: Looks["before"]): Promise<void> {
    if (look) await this.tell(await this.#telling.calls.during(null, look));
  }

  async #runPart(part: Part<Context>): Promise<void> {
    if (isApproval(part)) return this.#runApproval(part);
    if (!("together" in part)) return this.#runStep(part);
    const { together, when } = part;
    const steps = together.flat().filter(({ name }) => !this.#isSettled(name));
    if (when && steps.length > 0 && !together.flat().some((step) => this.#isBegun(step))) {
      const name = steps.map((step) => step.name).join(", ");
      await this.#stopIfAsked(name);
      await this.#stillHeld(name);
      if (!(await this.#holds({ name, when }))) return this.#passOver(steps, when.words);
    }
    return this.#runTogether(together);
  }

  async #runTogether(branches: readonly (readonly Step<Context>[])[]): Promise<void> {
    const ended = await Promise.allSettled(
      branches.map(async (branch) => {
        for (const step of branch) if (!this.#failed) await this.#runStep(step);
      }),
    );
    for (const end of ended) if (end.status === "rejected") throw end.reason;
  }

  /** Asked for as long as what it is about is not settled; an answer that an earlier run was given still counts. */
  async #runApproval(approval: Approval<Context>): Promise<void> {
    const { context, record, runbook, approver = () => null } = this.#options;
    const { name, when } = approval;
    if (guardedBy(runbook, approval).every((step) => this.#isSettled(step.name))) return;
    await this.#stopIfAsked(name);
    await this.#stillHeld(name);
    if (approvalCounts(record.state, name, Date.now())) return;
    if (when && !(await this.#holds(approval))) {
      const event = { kind: "passed-over", at: Date.now(), part: name, of: "approval" } as const;
      return this.tell({ ...event, condition: when.words });
    }
    const stop = AbortSignal.any([this.#stop, this.#mandate.lost]);
    const tell = (event: ExecutionEvent): Promise<void> => this.tell(event);
    try {
      const run = { context, approver, stop, tell, state: () => record.state };
      await this.#telling.calls.during(name, () => askFor(approval, run));
    } catch (error) {
      await this.#stillHeld(name);
      throw this.#fail(name, error, true);
    }
  }

  async #runStep(step: Step<Context>): Promise<void> {
    const { context, record } = this.#options;
    if (this.#isSettled(step.name)) return;
    await this.#stopIfAsked(step.name);
    await this.#stillHeld(step.name);
    const { when } = step;
    if (when && !this.#isBegun(step) && !(await this.#holds(step))) return this.#passOver([step], when.words);
    const begunBefore = step.name in record.state.begun;
    const startedAt = Date.now();
    const clock = performance.now();
    await this.tell({ kind: "step-started", at: startedAt, step: step.name });
    const { onAwaiting } = this.#options;
    const result = await this.#telling.calls.during(step.name, () =>
      perform(step, context, this.#mandate, (what) => onAwaiting?.(`${step.name}: ${what}`)),
    );
    // Whoever acts now may be writing the record: its next runner asks what became of the step.
    await this.#stillHeld(step.name);
    const end = { at: Date.now(), step: step.name, ms: Math.round(performance.now() - clock) };
    if ("facts" in result) {
      await this.tell({ kind: "step-done", ...end, how: result.how, facts: result.facts });
      return;
    }
    const tolerated =
      typeof step.bestEffort === "function" ? step.bestEffort(context) : (step.bestEffort ?? false);
    const error = result.error.message;
    await this.tell({ kind: "step-failed", ...end, how: result.how, error, tolerated });
    const didNothing = result.how === "blocked" && !begunBefore;
    if (!tolerated) throw this.#fail(step.name, result.error, didNothing);
  }

  /** Ends a run that cannot go on: before the point of no return, what was done is taken back. */
  async giveUp({ step, cause, didNothing }: StepFailure): Promise<RunOutcome> {
    const { runbook } = this.#options;
    const { pointOfNoReturn } = runbook;
    const before = isBefore(runbook, step);
    const atThePoint = step === pointOfNoReturn.step;
    // Whoever has the claim goes on from where this run stands: nothing may be taken back beside it.
    if ((before || atThePoint) && !(cause instanceof ClaimLost) && (await this.undo())) {
      const knownNotPassed = before || didNothing || pointOfNoReturn.notPassedWhen(cause);
      if (knownNotPassed && !(cause instanceof Interrupted)) {
        await this.tell({ kind: "finished", at: Date.now(), outcome: "undone", because: cause.message });
        return { outcome: "undone", step, error: cause };
      }
    }
    if (cause instanceof Paused)
      await this.tell({ kind: "paused", at: Date.now(), because: cause.because, by: cause.by });
    await this.tell({ kind: "stopped", at: Date.now(), because: cause.message });
    return { outcome: "stopped", step, error: cause };
  }

  /** @throws StepFailure when another execution may act by now. */
  async #stillHeld(step: string): Promise<void> {
    try {
      await this.#mandate.ensure();
    } catch (error) {
      if (error instanceof ClaimLost) throw this.#fail(step, error, false);
      throw error;
    }
  }

  #isSettled(name: string): boolean {
    return this.#options.record.state.settled.some(({ step }) => step === name);
  }

  /** What an earlier run began is gone on with: what it was begun for may not hold any more, by its own effect. */
  #isBegun({ name }: Step<Context>): boolean {
    const { begun, topAt } = this.#options.record.state;
    return (begun[name] ?? Number.NEGATIVE_INFINITY) >= topAt;
  }

  get #stop(): AbortSignal {
    return this.#options.stop ?? this.#never;
  }

  async #stopIfAsked(before: string): Promise<void> {
    await this.#options.look?.();
    if (this.#stop.aborted) throw this.#fail(before, interruption(this.#stop, before), true);
  }

  /** Whether the part's condition holds. What cannot be found out ends the run: nothing is passed over by guessing. */
  async #holds(part: Parameters<typeof conditionHolds<Context>>[0]): Promise<boolean> {
    try {
      return await this.#telling.calls.during(part.name, () => conditionHolds(part, this.#options.context));
    } catch (error) {
      throw this.#fail(part.name, error, true);
    }
  }

  async #passOver(steps: readonly Step<Context>[], condition: string): Promise<void> {
    for (const { name } of steps)
      await this.tell({ kind: "passed-over", at: Date.now(), part: name, of: "step", condition });
  }

  #fail(step: string, cause: unknown, didNothing: boolean): StepFailure {
    this.#failed ??= new StepFailure(step, cause, didNothing);
    return this.#failed;
  }
}
