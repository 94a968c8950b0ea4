import { pause, until } from "./poll.ts";
import type { At, Facts, Step } from "./step.ts";
import { untilTimeout } from "./transient.ts";

export type StepResult =
  | { readonly how: "done" | "already-done"; readonly facts: Facts }
  | { readonly how: "failed" | "timed-out"; readonly error: Error };

/**
 * Performs one step within its timeout: asks whether it is done, else runs it, then verifies. What passes by itself is
 * tried again, from the question on.
 */
export async function perform<Context>(step: Step<Context>, context: Context): Promise<StepResult> {
  const clock = startClock(step);
  try {
    return await Promise.race([attempts(step, context, clock.at), clock.timedOut]);
  } catch (error) {
    if (clock.at.signal.aborted) return { how: "timed-out", error: timeoutOf(step, clock.lastNote(), error) };
    return { how: "failed", error: asError(error) };
  } finally {
    clock.stop();
  }
}

/** Takes a step back, within the step's own timeout. @throws Error when that does not work. */
export async function performUndo<Context>(step: Step<Context>, context: Context): Promise<void> {
  const { undo } = step;
  if (!undo) return;
  const { bestEffort: _, isDone: __, verify: ___, undo: ____, ...rest } = step;
  const result = await perform({ ...rest, purpose: undo.purpose, run: undo.run }, context);
  if ("error" in result) throw result.error;
}

async function attempts<Context>(step: Step<Context>, context: Context, at: At): Promise<StepResult> {
  const retry = step.retry ?? untilTimeout;
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptOnce(step, context, at, attempt);
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
  attempt: number,
): Promise<StepResult> {
  const isDone = step.isDone ? await step.isDone(context, at) : false;
  const facts = isDone ? {} : ((await step.run(context, at)) ?? {});
  const { verify } = step;
  if (verify) await until(() => verify(context, at), at);
  // Found done at a second attempt: the first one did it, though its answer got lost.
  return { how: isDone && attempt === 1 ? "already-done" : "done", facts };
}

interface Clock {
  readonly at: At;
  readonly timedOut: Promise<never>;
  readonly lastNote: () => string | null;
  readonly stop: () => void;
}

function startClock<Context>(step: Step<Context>): Clock {
  const controller = new AbortController();
  let last: string | null = null;
  let giveUp: (reason: Error) => void = () => undefined;
  const timedOut = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  timedOut.catch(() => undefined);
  const timer = setTimeout(() => {
    const reason = new Error(`no time left for ${step.name}`);
    controller.abort(reason);
    giveUp(reason);
  }, step.timeout.ms);
  return {
    at: {
      signal: controller.signal,
      note: (finding) => {
        last = finding;
      },
    },
    timedOut,
    lastNote: () => last,
    stop: () => clearTimeout(timer),
  };
}

function timeoutOf<Context>(step: Step<Context>, note: string | null, cause: unknown): Error {
  const waitedFor = note === null ? "nothing was heard of it" : `last found: ${note}`;
  return new Error(`${step.name} was not done within ${step.timeout}; ${waitedFor}`, { cause });
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
