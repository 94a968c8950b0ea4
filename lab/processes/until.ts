import { setTimeout as pause } from "node:timers/promises";

export interface UntilOptions {
  /** What is waited for, as the error says it: "waited 5 s for … ". */
  readonly what: string | (() => string);
  readonly withinMs: number;
  /** When it last came nearer, by performance.now(): the time counts from then on, and is ten times as long at most. */
  readonly nearerAt?: () => number;
  /** Between two looks; default 25. */
  readonly everyMs?: number;
  readonly signal?: AbortSignal;
}

/** However near it comes, an end is told. */
const MOST_PATIENCE = 10;

/**
 * Waits for a condition, looking again and again. A look that throws counts as "not yet", and its error as the reason
 * if time runs out.
 * @throws Error that names what was waited for, after `withinMs`; the signal's reason when it is aborted.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { what, withinMs, nearerAt, everyMs = 25, signal }: UntilOptions,
): Promise<void> {
  const startedAt = performance.now();
  let reason: unknown;
  for (;;) {
    signal?.throwIfAborted();
    try {
      if (await condition()) return;
      reason = undefined;
    } catch (error) {
      reason = error;
    }
    const now = performance.now();
    const since = Math.max(startedAt, nearerAt?.() ?? startedAt);
    if (now > since + withinMs || now > startedAt + MOST_PATIENCE * withinMs) {
      const named = typeof what === "string" ? what : what();
      const because = reason instanceof Error ? `: ${reason.message}` : "";
      throw new Error(`waited ${Math.round((now - startedAt) / 1_000)} s in vain for ${named}${because}`, {
        cause: reason,
      });
    }
    await pause(everyMs);
  }
}
