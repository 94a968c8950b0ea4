import type { ExecutionState } from "./state.ts";

/** How many of the latest executions count: enough that one odd one does not. */
const LATEST = 5;

/**
 * How long each step of a runbook usually takes, in milliseconds by name: the median of the last five times that it did
 * its work. Steps that never did are not in it. Pure.
 */
export function usualDurations(
  executions: readonly ExecutionState[],
  runbook: string,
): ReadonlyMap<string, number> {
  const spans = new Map<string, number[]>();
  const ofRunbook = executions.filter((execution) => execution.runbook === runbook);
  for (const { settled } of ofRunbook.toSorted((a, b) => a.startedAt - b.startedAt))
    for (const { step, ms, outcome } of settled)
      if (outcome === "done") spans.set(step, [...(spans.get(step) ?? []), ms]);
  return new Map([...spans].map(([step, all]) => [step, median(all.slice(-LATEST))]));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low = 0, high = low] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return (low + high) / 2;
}
