import { branchesOf, type Runbook } from "../engine/runbook.ts";
import { failover } from "../runbooks/failover.ts";
import { open } from "../steps/gate.ts";
import { published } from "./published.ts";

/** How long a failover would take from the loss to the first trade. */
export interface Estimate {
  /** Until the edge counts the lost cell out; null when the edge's settings cannot be seen. */
  readonly detectionSeconds: number | null;
  /** From the runbook's first step until the peer is open. */
  readonly recoverySeconds: number;
  readonly source: string;
}

/** What an estimate asks of a past execution: {@link ExecutionState} has it. */
export interface PastExecution {
  readonly runbook: string;
  readonly startedAt: number;
  readonly settled: readonly { readonly step: string; readonly ms: number }[];
  readonly finished: { readonly outcome: string } | null;
}

/** So many past failovers speak for the next one. */
const LAST = 5;

/** The median of the last failovers that came to their end; without one, what AWS publishes of its part. Pure. */
export function estimateRecovery(past: readonly PastExecution[], detectionSeconds: number | null): Estimate {
  const last = past
    .filter(({ runbook, finished }) => runbook === failover.name && finished?.outcome === "done")
    .sort((a, b) => a.startedAt - b.startedAt)
    .slice(-LAST);
  if (last.length === 0)
    return {
      detectionSeconds,
      recoverySeconds: timeToOpen(failover, (step) => (published[step]?.seconds ?? 0) * 1_000) / 1_000,
      source: `no failover has been run: AWS's part alone, as published (${Object.values(published)
        .map(({ told }) => told)
        .join("; ")})`,
    };
  const times = last.map(({ settled }) => {
    const taken = new Map(settled.map(({ step, ms }) => [step, ms]));
    return timeToOpen(failover, (step) => taken.get(step) ?? 0);
  });
  return {
    detectionSeconds,
    recoverySeconds: median(times) / 1_000,
    source: last.length === 1 ? "the last failover" : `median of the last ${last.length} failovers`,
  };
}

/**
 * Milliseconds until the step that opens the cell has ended: steps one after another, of branches beside each other the
 * longest. The phases count and not the clock, which goes on while a runner that was killed waits to be continued. Pure.
 */
export function timeToOpen<Context>(runbook: Runbook<Context>, msOf: (step: string) => number): number {
  let sum = 0;
  for (const part of runbook.parts) {
    sum += Math.max(
      0,
      ...branchesOf(part).map((steps) => steps.reduce((branch, { name }) => branch + msOf(name), 0)),
    );
    if ("name" in part && part.name === open.name) break;
  }
  return sum;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] =
    sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1);
  return (low + high) / 2;
}
