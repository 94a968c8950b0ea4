import type { Mandate } from "./mandate.ts";
import { performUndo } from "./perform.ts";
import type { ExecutionRecord } from "./record.ts";
import { type Runbook, stepsBefore } from "./runbook.ts";
import type { Telling } from "./telling.ts";

export interface TakingBack<Context> {
  readonly runbook: Runbook<Context>;
  readonly context: Context;
  readonly record: Pick<ExecutionRecord, "state">;
  readonly mandate: Mandate;
  readonly telling: Telling;
}

/**
 * Takes back every step before the point of no return that was begun, the last one first: one that failed half-way too.
 * @returns whether all were.
 */
export async function takeBack<Context>({
  runbook,
  context,
  record,
  mandate,
  telling,
}: TakingBack<Context>): Promise<boolean> {
  const begun = stepsBefore(runbook).filter((step) => step.undo && step.name in record.state.begun);
  let all = true;
  for (const step of begun.reverse()) {
    try {
      await telling.calls.during(step.name, () => performUndo(step, context, mandate));
      await telling.tell({ kind: "step-undone", at: Date.now(), step: step.name });
    } catch (error) {
      all = false;
      const message = error instanceof Error ? error.message : String(error);
      await telling.tell({ kind: "undo-failed", at: Date.now(), step: step.name, error: message });
    }
  }
  return all;
}
