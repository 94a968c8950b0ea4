import { setTimeout as pause } from "node:timers/promises";

export interface UntilOptions {
  /** What is waited for, as the error says it: "waited 5 s for … ". */
  readonly what: string | (() => string);
  readonly withinMs: number;
  /** Between two looks; default 25. */
  readonly everyMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Waits for a condition, looking again and again. A look that throws counts as "not yet", and its error as the reason
 * if time runs out.
 * @throws Error that names what was waited for, after `withinMs`; the signal's reason when it is aborted.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { what, withinMs, everyMs = 25, signal }: UntilOptions,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  let reason: unknown;
  for (;;) {
    signal?.throwIfAborted();
    try {
      if (await condition()) return;
      reason = undefined;
    } catch (error) {
      reason = error;
    }
    if (performance.now() > deadline) {
      const named = typeof what === "string" ? what : what();
      const because = reason instanceof Error ? `: ${reason.message}` : "";
      throw new Error(`waited ${withinMs / 1_000} s in vain for ${named}${because}`, { cause: reason });
    }
    await pause(everyMs);
  }
}
