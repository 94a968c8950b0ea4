import { type ExecutionState, openAsking } from "./state.ts";
import type { Who } from "./who.ts";

/**
 * `running`: a process is at work on it. `waiting`: it waits until somebody agrees. `stopped`: it ended where it could not
 * go on. `paused`: where somebody wished so. `killed`: without a word.
 */
export type Standing =
  | "running"
  | "waiting"
  | "stopped"
  | "paused"
  | "killed"
  | "done"
  | "undone"
  | "superseded"
  | "canceled";

/** An execution in one line. Instants in milliseconds since 1970. */
export interface Summary {
  readonly id: string;
  readonly runbook: string;
  readonly state: Standing;
  readonly startedAt: number;
  /** Its latest event; null while it runs. */
  readonly endedAt: number | null;
  /** From its start to its end, or until now. */
  readonly ms: number;
  /** Who began it, and who went on with it. */
  readonly by: readonly Who[];
  /** The approval that somebody may give at this moment (castle approve), also while nobody runs it. */
  readonly waitsFor: string | null;
}

/** @param isHeld whether a living process holds the execution. Pure. */
export function summaryOf(state: ExecutionState, isHeld: boolean, now: number): Summary {
  const { id, runbook, startedAt, lastAt, by } = state;
  const waitsFor = openAsking(state, now)?.approval ?? null;
  const standing = standingOf(state, isHeld, waitsFor !== null);
  const endedAt = isHeld && !state.finished ? null : lastAt;
  return { id, runbook, state: standing, startedAt, endedAt, ms: (endedAt ?? now) - startedAt, by, waitsFor };
}

function standingOf(
  { finished, stopped, paused }: ExecutionState,
  isHeld: boolean,
  waits: boolean,
): Standing {
  if (finished) return finished.outcome;
  if (isHeld) return waits ? "waiting" : "running";
  if (paused) return "paused";
  return stopped === null ? "killed" : "stopped";
}
