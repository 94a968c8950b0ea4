import { seconds } from "@castle/regions/duration.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { WitnessUnreachable } from "@castle/regions/witness/errors.ts";
import type { Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";

/** The change of the gate waits for every acceptance under way, so the streams' ends stand still from here on. */
export const closeOldCell: Step<Handover> = {
  name: "close-old-cell",
  purpose: "Close the active cell's gate: it answers, and accepts nothing more.",
  timeout: seconds(5),
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
