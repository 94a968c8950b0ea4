import { ExecutionBusy } from "@castle/dr-runbooks/engine/lock.ts";
import { listExecutions } from "@castle/dr-runbooks/engine/record.ts";
import type { ExecutionState } from "@castle/dr-runbooks/engine/state.ts";
import { cancelExecution } from "@castle/dr-runbooks/runbooks/cancel.ts";
import { ExecutionRefused, HandoverRefused } from "@castle/dr-runbooks/runbooks/errors.ts";
import { runRejoin } from "@castle/dr-runbooks/runbooks/operations/run.ts";
import { handoverPlanSchema } from "@castle/dr-runbooks/runbooks/plan.ts";
import { runFailover, runSwitchover } from "@castle/dr-runbooks/runbooks/run.ts";
import type { CellRegion } from "@castle/dr-runbooks/target.ts";
import { peerOf } from "@castle/regions/catalogue.ts";
import { until } from "../processes/until.ts";
import type { Stage } from "./stage.ts";

/**
 * What operators began and did not end comes to its end, everything being healed: each handover goes on by its id, or is
 * canceled where its role is not to be had any more; then the standby is brought back by a rejoin, which also closes
 * what was begun on a cell and is history.
 * @throws Error that names what stays open
 */
export async function finishWhatWasBegun(stage: Stage, withinMs: number): Promise<void> {
  const { lab, operator, signal } = stage;
  let because = "not tried yet";
  await until(
    async () => {
      because = "";
      for (const { id, plan } of await openExecutions(stage)) {
        const handover = handoverPlanSchema.safeParse(plan);
        if (handover.success)
          because = await goneOnWith(stage, id, handover.data).then(() => "", told(stage));
      }
      const { activeRegion } = await operator.witness();
      because ||= await runRejoin({
        ...{
          target: lab.target,
          region: peerOf(activeRegion),
          stop: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]),
        },
      }).then(() => "", told(stage));
      return (await openExecutions(stage)).length === 0;
    },
    {
      what: () => `every execution to be finished (${because})`,
      ...{ withinMs, everyMs: 300, signal },
    },
  );
}

const openExecutions = async ({ lab }: Stage): Promise<ExecutionState[]> =>
  (await listExecutions(lab.target.runsFolder)).filter(({ finished }) => !finished);

async function goneOnWith(
  { lab, signal }: Stage,
  id: string,
  { kind, to }: { readonly kind: "failover" | "switchover"; readonly to: CellRegion },
): Promise<void> {
  const goOn = kind === "failover" ? runFailover : runSwitchover;
  try {
    await goOn({ target: lab.target, to, only: id, stop: signal });
  } catch (error) {
    if (!(error instanceof HandoverRefused || error instanceof ExecutionRefused)) throw error;
    await cancelExecution({ target: lab.target, id, because: `it cannot go on: ${error.message}` });
  }
}

/** A failure is told and tried again: what passes by itself must not count, and what does not shows in the end. */
const told =
  ({ chronicle, signal }: Stage) =>
  (error: Error): string => {
    signal.throwIfAborted();
    if (!(error instanceof ExecutionBusy)) chronicle.tell({ kind: "note", text: `again: ${error.message}` });
    return error.message;
  };
