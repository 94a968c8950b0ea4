import { seconds } from "@castle/regions/duration.ts";
import type { Finding, Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";
import { CONSENT_PAST_THE_FENCE } from "./consent-to-loss.ts";
import { failure } from "./failure.ts";

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

/** What nothing may be promoted without: the fence holds, or somebody consented to go on without it. */
export const fenceHolds = async ({ to, plan, isApproved }: Handover): Promise<Finding> =>
  isApproved(CONSENT_PAST_THE_FENCE) ||
  (await to.cell.journal.refuses(plan.epoch - 1)) ||
  `the journal in ${to.region} still answers epoch ${plan.epoch - 1}: the old cell is not fenced`;

/**
 * The old cell appends to the *target's* journal and acknowledges only what that has taken: so it is fenced there,
 * reachable or not.
 */
export const fenceOldCell: Step<Handover> = {
  name: FENCE_OLD_CELL,
  purpose: "Raise the epoch in the target's journal, so that the old cell can acknowledge nothing more.",
  timeout: seconds(10),
  ifItFails: failure(
    "The target has the role and is not open. As long as the fence does not hold, an old cell that is alive could acknowledge orders that the target never learns of: therefore nothing is promoted.",
    [
      "Run the same command again: raising the fence twice is harmless.",
      "Look at the target's journal with `castle status`, and bring that PostgreSQL back if it does not answer.",
      "Cut the old cell off by other means if the fence still does not hold: stop its matching engines, or take its route to the target's journal away.",
      "Add `--consent-to-loss` only once the old cell is known to accept nothing: what it acknowledges behind the fence's back is lost.",
    ],
  ),
  isDone: async ({ to, plan }) => (await to.cell.journal.epoch()) >= plan.epoch,
  run: async ({ to, plan }) => {
    await to.cell.journal.raiseEpoch(plan.epoch);
    // Tells when the outage began at the latest; a fence that holds is not given up for it.
    const lastAcceptedAt = await to.cell.journal.lastAcceptedAt().catch(() => null);
    return lastAcceptedAt === null ? {} : { lastAcceptedAt };
  },
  verify: async ({ to, plan }) => {
    // Refused or not, the answer is final: asking again would only give the old cell time.
    if (await to.cell.journal.refuses(plan.epoch - 1)) return true;
    throw new FenceUnconfirmed(to.region, plan.epoch - 1);
  },
  // Whoever said that loss may be consented to is asked next, to figures.
  bestEffort: ({ plan }) => plan.consentToLoss,
};
