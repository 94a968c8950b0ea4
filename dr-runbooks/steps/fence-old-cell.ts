import { seconds } from "@castle/regions/duration.ts";
import type { Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";

export const FENCE_OLD_CELL = "fence-old-cell";

/** The fence was raised, and does not hold. */
export class FenceUnconfirmed extends Error {
  constructor(region: string, old: number) {
    super(
      `the journal in ${region} still answers epoch ${old}: the old cell may go on acknowledging. Isolate it by other means, or consent to loss explicitly (--consent-to-loss)`,
    );
    this.name = "FenceUnconfirmed";
  }
}

/**
 * The old cell appends to the *target's* journal and acknowledges only what that has taken: so it is fenced there,
 * reachable or not.
 */
export const fenceOldCell: Step<Handover> = {
  name: FENCE_OLD_CELL,
  purpose: "Raise the epoch in the target's journal, so that the old cell can acknowledge nothing more.",
  timeout: seconds(10),
  isDone: async ({ to, plan }) => (await to.cell.journal.epoch()) >= plan.epoch,
  run: ({ to, plan }) => to.cell.journal.raiseEpoch(plan.epoch),
  verify: async ({ to, plan }) => {
    // Refused or not, the answer is final: asking again would only give the old cell time.
    if (await to.cell.journal.refuses(plan.epoch - 1)) return true;
    throw new FenceUnconfirmed(to.region, plan.epoch - 1);
  },
  bestEffort: ({ plan }) => plan.consentToLoss,
};
