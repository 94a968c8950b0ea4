import { setTimeout as sleep } from "node:timers/promises";
import { type Duration, milliseconds } from "@castle/regions/duration.ts";
import type { At, Finding } from "./step.ts";

/** Often enough that no step of a handover waits noticeably for the next look. */
export const POLL_EVERY: Duration = milliseconds(25);

/**
 * Asks until the finding is `true`. What is still missing is noted, so that a time-out can name it.
 * @throws the signal's reason once it is aborted; whatever `look` throws.
 */
export async function until(
  look: () => Promise<Finding>,
  at: At,
  every: Duration = POLL_EVERY,
): Promise<void> {
  for (;;) {
    at.signal.throwIfAborted();
    const finding = await look();
    if (finding === true) return;
    at.note(finding);
    await pause(every, at.signal);
  }
}

/** How often work that takes long is looked at. */
const WATCHED_EVERY: Duration = milliseconds(500);

/**
 * Does what it is given, and notes meanwhile how far that is, so that work that moves is not cut off by a time limit. A
 * look that fails tells nothing: the work itself will.
 */
export async function watchedWhile<Result>(
  work: Promise<Result>,
  look: () => Promise<Finding>,
  at: At,
  every: Duration = WATCHED_EVERY,
): Promise<Result> {
  const over = new AbortController();
  const watch = async (): Promise<void> => {
    for (;;) {
      await pause(every, over.signal);
      const finding = await look().catch(() => true as const);
      if (finding !== true && !over.signal.aborted) at.note(finding);
    }
  };
  watch().catch(() => undefined); // it ends with the work
  try {
    return await work;
  } finally {
    over.abort();
  }
}

/** Waits. @throws the signal's reason, at once, when it is aborted. */
export async function pause(duration: Duration, signal: AbortSignal): Promise<void> {
  try {
    await sleep(duration.ms, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
