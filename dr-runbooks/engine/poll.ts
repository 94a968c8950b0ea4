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

/** Waits. @throws the signal's reason, at once, when it is aborted. */
export async function pause(duration: Duration, signal: AbortSignal): Promise<void> {
  try {
    await sleep(duration.ms, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
