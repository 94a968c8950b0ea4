import { type Duration, seconds } from "@castle/regions/duration.ts";
import { Patience } from "@castle/regions/patience.ts";
import { type Mandate, unclaimed } from "./mandate.ts";
import { pause, until } from "./poll.ts";
import type { FailedHow } from "./state.ts";
import { type At, type Facts, type Step, wordsOf } from "./step.ts";
import { untilTimeout } from "./transient.ts";

export type StepResult =
  | { readonly how: "done" | "already-done"; readonly facts: Facts }
  | { readonly how: FailedHow; readonly error: Error };

/** How long a step that failed is asked what became of it. */
const GRACE: Duration = seconds(1);

/** How far the attempts got: what a failure means depends on it. */
interface Progress {
  /** The precondition was looked at, and did not hold. */
  heldBack: boolean;
  /** `run` was begun: what it asked for may be done, now or later. */
  acted: boolean;
  /** The latest `run` told that it ended. */
  answered: boolean;
}

/**
 * Performs one step within its timeout: asks whether it is done, else waits for its precondition and runs it, then
 * verifies. What passes by itself is tried again, from the question on. Each time before it acts it asks `mandate`, and it
 * is cut off as soon as that is lost.
 * @param onAwaiting told, often, what it waits for
 */
export async function perform<Context>(
  step: Step<Context>,
  context: Context,
  mandate: Mandate = unclaimed,
  onAwaiting: (what: string) => void = () => undefined,
): Promise<StepResult> {
  const clock = startClock(step, { lost: mandate.lost, onAwaiting });
  const progress: Progress = { heldBack: false, acted: false, answered: false };
  try {
    return await Promise.race([attempts(step, context, clock.at, progress, mandate), clock.timedOut]);
  } catch (error) {
    if (mandate.lost.aborted)
      return { how: progress.acted ? "unknown" : "failed", error: asError(mandate.lost.reason) };
    const timedOut = clock.at.signal.aborted;
    const failure = timedOut ? timeoutOf(step, clock, progress, error) : asError(error);
    if (!progress.acted && progress.heldBack) return { how: "blocked", error: failure };
    const how = timedOut ? "timed-out" : "failed";
    const answerIsLost = timedOut || (step.retry ?? untilTimeout).transient(error);
    if (!progress.acted || !answerIsLost) return { how, error: failure };
    return afterAll(step, context, progress.answered, { how, error: failure });
  } finally {
    clock.stop();
  }
}

/** Takes a step back, within the step's own timeout. @throws Error when that does not work. */
export async function performUndo<Context>(
  step: Step<Context>,
  context: Context,
  mandate: Mandate = unclaimed,
): Promise<void> {
  const { undo } = step;
  if (!undo) return;
  const { name, timeout, retry } = step;
  const result = await perform(
    { name, timeout, purpose: undo.purpose, run: undo.run, ...(retry ? { retry } : {}) },
    context,
    mandate,
  );
  if ("error" in result) throw result.error;
}

/**
 * Asks a last time what became of a step whose answer was lost: it may be done all the same, or known not to be. Where
 * nothing answers, it is unknown.
 */
async function afterAll<Context>(
  step: Step<Context>,
  context: Context,
  answered: boolean,
  failed: Extract<StepResult, { error: Error }>,
): Promise<StepResult> {
  const { isDone, verify } = step;
  if (!isDone) return answered ? failed : { ...failed, how: "unknown" };
  const { at, timedOut, stop } = startClock({ name: step.name, timeout: GRACE });
  const holds = async (): Promise<boolean> =>
    (await isDone(context, at)) && (!verify || (await verify(context, at)) === true);
  try {
    return (await Promise.race([holds(), timedOut])) ? { how: "done", facts: {} } : failed;
  } catch {
    return { ...failed, how: "unknown" };
  } finally {
    stop();
  }
}

async function attempts<Context>(
  step: Step<Context>,
  context: Context,
  at: At,
  progress: Progress,
  mandate: Mandate,
): Promise<StepResult> {
  const retry = step.retry ?? untilTimeout;
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptOnce(step, context, at, progress, mandate);
    } catch (error) {
      if (at.signal.aborted || attempt >= retry.attempts || !retry.transient(error)) throw error;
      at.note(asError(error).message);
      await pause(retry.pause, at.signal);
    }
  }
}

async function attemptOnce<Context>(
  step: Step<Context>,
  context: Context,
  at: At,
  progress: Progress,
  mandate: Mandate,
): Promise<StepResult> {
  const ranBefore = progress.acted;
  const isDone = step.isDone ? await step.isDone(context, at) : false;
  const facts = isDone ? {} : await act(step, context, at, progress, mandate);
  const { verify, pollEvery } = step;
  if (verify) await until(() => verify(context, at), at, pollEvery);
  // Found done at a later attempt: an earlier one did it, though its answer got lost.
  return { how: isDone && !ranBefore ? "already-done" : "done", facts };
}

async function act<Context>(
  step: Step<Context>,
  context: Context,
  at: At,
  progress: Progress,
  mandate: Mandate,
): Promise<Facts> {
  const { precondition, pollEvery } = step;
  if (precondition) {
    progress.heldBack = true;
    await until(() => precondition(context, at), at, pollEvery);
    progress.heldBack = false;
  }
  await mandate.ensure();
  // The time may have run out while somebody who hears no signal answered: nothing is begun then.
  at.signal.throwIfAborted();
  progress.acted = true;
  progress.answered = false;
  const facts = (await step.run(context, at)) ?? {};
  progress.answered = true;
  return facts;
}

interface Clock {
  readonly at: At;
  readonly timedOut: Promise<never>;
  readonly lastNote: () => string | null;
  /** Whether what was waited for has come nearer meanwhile. */
  readonly hasMoved: () => boolean;
  readonly stop: () => void;
}

function startClock(
  step: { readonly name: string; readonly timeout: Duration },
  {
    lost = unclaimed.lost,
    onAwaiting = () => undefined,
  }: { readonly lost?: AbortSignal; readonly onAwaiting?: (what: string) => void } = {},
): Clock {
  const controller = new AbortController();
  const patience = new Patience(step.timeout);
  let last: string | null = null;
  let moved = false;
  let giveUp: (reason: Error) => void = () => undefined;
  const timedOut = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  timedOut.catch(() => undefined);
  const end = (reason: Error): void => {
    controller.abort(reason);
    giveUp(reason);
  };
  const look = (): void => {
    const { leftMs } = patience;
    if (leftMs === 0) end(new Error(`no time left for ${step.name}`));
    else timer = setTimeout(look, leftMs);
  };
  let timer = setTimeout(look, step.timeout.ms);
  const cutOff = (): void => end(asError(lost.reason));
  lost.addEventListener("abort", cutOff);
  if (lost.aborted) cutOff();
  return {
    at: {
      signal: controller.signal,
      note: (finding) => {
        if (typeof finding !== "string" && patience.read(finding)) moved = true;
        last = wordsOf(finding);
        onAwaiting(last);
      },
    },
    timedOut,
    lastNote: () => last,
    hasMoved: () => moved,
    stop: () => {
      clearTimeout(timer);
      lost.removeEventListener("abort", cutOff);
    },
  };
}

function timeoutOf<Context>(
  step: Step<Context>,
  clock: Clock,
  { acted, heldBack }: Progress,
  cause: unknown,
): Error {
  const note = clock.lastNote();
  const waitedFor = note === null ? "nothing was heard of it" : `last found: ${note}`;
  const what = !acted && heldBack ? "could not begin" : "was not done";
  const limit = clock.hasMoved() ? `and nothing moved for ${step.timeout}` : `within ${step.timeout}`;
  return new Error(`${step.name} ${what} ${limit}; ${waitedFor}`, { cause });
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
