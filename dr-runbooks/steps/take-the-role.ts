import { seconds } from "@castle/regions/duration.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { LEASE } from "@castle/regions/witness/lease.ts";
import { WitnessRefused } from "@castle/regions/witness/record.ts";
import type { PointOfNoReturn, Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";

export const TAKE_THE_ROLE = "take-the-role";

/** The witness's record is changed by conditional write: of everyone who tries, exactly one passes here. */
export const takeTheRole: Step<Handover> = {
  name: TAKE_THE_ROLE,
  purpose: "Name the target as the active region of the next epoch in the witness, signed by this execution.",
  timeout: seconds(15),
  isDone: async ({ id, plan, witness }) => {
    const record = await witness.read();
    const ours = record.changedBy === id || plan.continues !== null;
    return ours && record.epoch === plan.epoch && record.activeRegion === plan.to;
  },
  run: async ({ id, plan, witness }) => {
    const record = await witness.change({
      kind: "hand-over",
      to: plan.to,
      from: epoch(plan.epoch - 1),
      by: id,
      consentToLoss: plan.consentToLoss,
    });
    return { epoch: record.epoch };
  },
  // Out of solo no journal fences the old cell, which may be alive: only its lease of the witness ends its word.
  verify: async ({ plan, witness }) => {
    if (!plan.consentToLoss) return true;
    const left = (await witness.inspect()).changedAt + LEASE.ms - Date.now();
    return left <= 0 || `the old cell may acknowledge alone for another ${left} ms, until its lease runs out`;
  },
};

/** Only the witness's own refusal proves that the role was not taken: an answer may have been lost on the way. */
export const takingTheRole: PointOfNoReturn = {
  step: TAKE_THE_ROLE,
  notPassedWhen: (error) => error instanceof WitnessRefused,
};
