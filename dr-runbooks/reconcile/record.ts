import type { EventOf, ExecutionEvent } from "../engine/event.ts";
import { ExecutionRecord, listExecutions } from "../engine/record.ts";
import type { ExecutionState } from "../engine/state.ts";
import { whoActs } from "../engine/who.ts";
import { shipped, shippedTo } from "../evidence/bucket/shipping.ts";
import { newId, type Runs } from "../runbooks/claimed.ts";
import { supersede } from "../runbooks/supersede.ts";
import type { CellRegion, Target } from "../target.ts";
import type { Reconciliation } from "./reconcile.ts";
import { COMPARE, type ComparedFacts, RECONCILE, type ReconcilePlan, reconcilePlan } from "./recorded.ts";

export interface ReconciliationToRecord {
  readonly target: Target;
  readonly runs: Runs;
  /** The survivor's. */
  readonly region: CellRegion;
  readonly result: Reconciliation;
  /** When the comparison began, and ended: milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** The handover's execution, where an operator named it. */
  readonly handover?: string | undefined;
  /** Told, a line each, what of the record could not be copied to the target's buckets. */
  readonly onUnshipped?: (lines: readonly string[]) => void;
}

/**
 * Keeps what a comparison found, chained and signed like any execution, so that the handover's report can tell what was
 * lost. Written once all is known: a comparison that was cut off proves nothing, and leaves nothing.
 * @throws what writing the folder can throw.
 */
export async function recordReconciliation(
  given: ReconciliationToRecord,
): Promise<{ readonly id: string; readonly plan: ReconcilePlan }> {
  const { target, runs, region, result, startedAt, endedAt, onUnshipped } = given;
  const executions = await listExecutions(runs.folder);
  const plan = reconcilePlan(result, region, executions, given.handover);
  const id = newId(RECONCILE, plan.epoch, region);
  const { tail, found, notYetApplied } = result;
  const facts: ComparedFacts = { tail, found, notYetApplied };
  const work = { target, runs, regions: shippedTo.reconcile(region) };
  await shipped({ ...work, ...(onUnshipped && { onUnshipped }) }, async (onEvent) => {
    const first: EventOf<"started"> = {
      ...{ kind: "started", at: startedAt, id, runbook: RECONCILE, plan: { ...plan }, by: whoActs() },
    };
    const record = await ExecutionRecord.create(runs.folder, first, runs.keyFile);
    const ms = Math.max(0, endedAt - startedAt);
    const events: ExecutionEvent[] = [
      { kind: "step-started", at: startedAt, step: COMPARE },
      { kind: "step-done", at: endedAt, step: COMPARE, how: "done", ms, facts: { ...facts } },
      { kind: "finished", at: endedAt, outcome: "done" },
    ];
    for (const event of events) await record.append(event, { durable: event.kind === "finished" });
    await record.close();
    for (const old of cutOff(executions)) await supersede(runs, old, id);
    onEvent(first);
  });
  return { id, plan };
}

/** Records whose writer was killed between their first line and their last. */
const cutOff = (executions: readonly ExecutionState[]): string[] =>
  executions.filter(({ runbook, finished }) => runbook === RECONCILE && !finished).map(({ id }) => id);
