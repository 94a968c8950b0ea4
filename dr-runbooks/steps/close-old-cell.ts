import { seconds } from "@castle/regions/duration.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { WitnessUnreachable } from "@castle/regions/witness/errors.ts";
import { readWitness } from "../aws/calls.ts";
import type { Finding, Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";
import { failure } from "./failure.ts";

/** The change of the gate waits for every acceptance under way, so the streams' ends stand still from here on. */
export const closeOldCell: Step<Handover> = {
  name: "close-old-cell",
  purpose: "Close the active cell's gate: it answers, and accepts nothing more.",
  timeout: seconds(5),
  // The undo asks whether the role has moved.
  calls: [readWitness],
  ifItFails: failure(
    "The old cell keeps the role. Its gate may have been closed for some seconds, and is opened again; nothing that was accepted is lost.",
    [
      "See with `castle status` that the active cell's gate is open again.",
      "Run the same command again if it is not: it goes on, and opens the gate when it has to give up.",
      "Bring the active cell's database back if that is what does not answer; if it will not come back, this is a case for `castle failover`.",
    ],
  ),
  needs: "the old cell's database is at the epoch before, and the cell acknowledges paired",
  precondition: stillPaired,
  isDone: async ({ from }) => (await from.cell.database.role()).gate === "closed",
  run: ({ from, plan }) => from.cell.database.setGate(epoch(plan.epoch - 1), "closed"),
  undo: {
    purpose: "Open the active cell's gate again.",
    run: async (handover) => {
      if (await roleHasMoved(handover)) return;
      const { from, plan } = handover;
      await from.cell.database.setGate(epoch(plan.epoch - 1), "open");
    },
  },
};

/** What the old cell accepts out of solo is durable there alone: a switchover must not take the role then. */
async function stillPaired({ from, plan }: Handover): Promise<Finding> {
  const { epoch: held, durability } = await from.cell.database.role();
  if (held !== plan.epoch - 1)
    return `the database in ${from.region} is at epoch ${held}, not ${plan.epoch - 1}`;
  return durability === "paired" || `${from.region} acknowledges ${durability}`;
}

/**
 * Whether somebody else took the role meanwhile: their old cell stays closed. When the witness does not answer, opening
 * is the better mistake: a cell that was handed over behind our back is fenced, and demotes itself.
 */
async function roleHasMoved({ witness, plan }: Handover): Promise<boolean> {
  try {
    return (await witness.read()).epoch >= plan.epoch;
  } catch (error) {
    if (error instanceof WitnessUnreachable) return false;
    throw error;
  }
}
