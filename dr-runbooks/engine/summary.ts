import type { ExecutionState } from "./state.ts";
import type { Who } from "./who.ts";

/** `running`: a process is at work on it. `stopped`: it ended where it could not go on. `killed`: without a word. */
export type Standing = "running" | "stopped" | "killed" | "done" | "undone" | "superseded" | "canceled";

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
}

/** @param isHeld whether a living process holds the execution. Pure. */
export function summaryOf(state: ExecutionState, isHeld: boolean, now: number): Summary {
  const { id, runbook, startedAt, lastAt, by } = state;
  const standing = standingOf(state, isHeld);
  const endedAt = standing === "running" ? null : lastAt;
  return { id, runbook, state: standing, startedAt, endedAt, ms: (endedAt ?? now) - startedAt, by };
}

function standingOf({ finished, stopped }: ExecutionState, isHeld: boolean): Standing {
  if (finished) return finished.outcome;
  if (isHeld) return "running";
  return stopped === null ? "killed" : "stopped";
}
