import { setTimeout as pause } from "node:timers/promises";
import { milliseconds } from "@castle/regions/duration.ts";
import { Patience, type Progress } from "@castle/regions/patience.ts";

/** `true` once it holds; until then how far it has come, where that can be told. */
export type Reading = boolean | Progress;

export interface UntilOptions {
  /** What is waited for, as the error says it: "waited 5 s for … ". */
  readonly what: string | (() => string);
  /** It is given up once nothing has moved for so long; where no progress is read, after so long. Milliseconds. */
  readonly withinMs: number;
  /** Between two readings. Milliseconds; default 25. */
  readonly everyMs?: number;
  readonly signal?: AbortSignal;
  /** Told now and then, beginning after a while, what is waited for and how far it has come. */
  readonly report?: (line: string) => void;
}

const REPORT_EVERY_MS = 2_000;
/** So many readings at least, however late they come: a machine that stood still has not waited. */
const LEAST_READINGS = 3;

/**
 * Waits for a condition, reading it again and again, for as long as it moves. A reading that throws counts as "not yet",
 * and its error as the reason if nothing moves any more.
 * @throws Error that names what was waited for and how far it had come; the signal's reason when it is aborted.
 */
export async function until(
  condition: () => Reading | Promise<Reading>,
  { what, withinMs, everyMs = 25, signal, report }: UntilOptions,
): Promise<void> {
  const startedAt = performance.now();
  const patience = new Patience(milliseconds(withinMs));
  const name = (): string => (typeof what === "string" ? what : what());
  let reported = startedAt;
  let progress: Progress | null = null;
  let reason: unknown;
  for (let readings = 1; ; readings++) {
    signal?.throwIfAborted();
    try {
      const reading = await condition();
      if (reading === true) return;
      reason = undefined;
      if (reading !== false) {
        progress = reading;
        patience.read(reading);
      }
    } catch (error) {
      reason = error;
    }
    const now = performance.now();
    if (patience.isOver && readings >= LEAST_READINGS) {
      const waited = Math.round((now - startedAt) / 1_000);
      const stood = progress ? ` (${progress.words}, for ${withinMs / 1_000} s now)` : "";
      const because = reason instanceof Error ? `: ${reason.message}` : "";
      throw new Error(`waited ${waited} s in vain for ${name()}${stood}${because}`, { cause: reason });
    }
    if (report && now - reported >= REPORT_EVERY_MS) {
      reported = now;
      report(`waiting for ${name()}${progress ? `: ${progress.words}` : ""}`);
    }
    await pause(everyMs);
  }
}
