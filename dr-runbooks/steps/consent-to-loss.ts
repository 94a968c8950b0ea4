import type { Approval } from "../engine/approval.ts";
import type { Handover } from "../handover.ts";
import { EXPOSURE_HOLDS, exposureFacts, tellExposure, tellLag, tellMissing } from "../runbooks/exposure.ts";
import { failure } from "./failure.ts";

export const CONSENT_TO_LOSS = "consent-to-loss";
export const CONSENT_PAST_THE_FENCE = "consent-past-the-fence";

/** Out of solo no second region holds what was acknowledged: somebody who owns that risk says so, to figures. */
export const consentToLoss: Approval<Handover> = {
  name: CONSENT_TO_LOSS,
  purpose: "Give up what only the old cell holds.",
  asks: async ({ exposure }) => {
    const measured = await exposure();
    return { figures: tellExposure(measured, Date.now()), measured: exposureFacts(measured) };
  },
  counts: EXPOSURE_HOLDS,
  word: ({ plan }) => plan.to,
  ahead: true,
  when: {
    words: "the witness's record is solo, and --consent-to-loss was given",
    // Once the role is taken, the record is solo by that alone. Where the flag was not given, the witness refuses.
    holds: async ({ plan, witness }) => {
      const { epoch, mode } = await witness.read();
      return plan.consentToLoss && mode === "solo" && epoch < plan.epoch;
    },
  },
  ifItFails: failure("Nobody consented to the loss. Nothing was changed, and the old cell keeps the role.", [
    "Bring the active region back if that can be done: nothing is lost then.",
    "Ask whoever owns the risk, with the figures shown, and run the same command again.",
  ]),
};

/** The fence is what makes loss impossible: without it, the old cell may acknowledge what nobody will ever replay. */
export const consentPastTheFence: Approval<Handover> = {
  name: CONSENT_PAST_THE_FENCE,
  purpose: "Promote although the old cell may go on acknowledging, and give up what it acknowledges.",
  asks: async ({ plan, exposure }) => {
    const measured = await exposure();
    const figures = [
      `The journal in ${plan.to} does not refuse epoch ${plan.epoch - 1}, or does not answer: ${plan.from} may acknowledge behind the fence's back.`,
      tellMissing(measured),
      tellLag(measured),
    ];
    return { figures, measured: exposureFacts(measured) };
  },
  counts: EXPOSURE_HOLDS,
  word: ({ plan }) => plan.to,
  ahead: true,
  when: {
    words: "the fence cannot be confirmed, and --consent-to-loss was given",
    // Where it was not given, the run has ended at the fence.
    holds: async ({ plan, to }) =>
      plan.consentToLoss && !(await to.cell.journal.refuses(plan.epoch - 1).catch(() => false)),
  },
  ifItFails: failure(
    "The target has the role, its fence is not confirmed, and nobody consented to go on without it. Nothing is promoted, and nobody can trade unless the old cell lives.",
    [
      "Look at the target's journal with `castle status`, and bring that PostgreSQL back if it does not answer.",
      "Cut the old cell off by other means: stop its matching engines, or take its route to the target's journal away.",
      "Run the same command again: the fence is looked at anew, and asked about only if it still cannot be confirmed.",
    ],
  ),
};
