import { seconds } from "@castle/regions/duration.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { LEASE } from "@castle/regions/witness/lease.ts";
import { WitnessRefused } from "@castle/regions/witness/record.ts";
import { readWitness, writeWitness } from "../aws/calls.ts";
import type { PointOfNoReturn } from "../engine/runbook.ts";
import type { Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";
import { CONSENT_TO_LOSS } from "./consent-to-loss.ts";
import { failure } from "./failure.ts";

export const TAKE_THE_ROLE = "take-the-role";

/** The witness's record is changed by conditional write: of everyone who tries, exactly one passes here. */
export const takeTheRole: Step<Handover> = {
  name: TAKE_THE_ROLE,
  purpose: "Name the target as the active region of the next epoch in the witness, signed by this execution.",
  timeout: seconds(15),
  calls: [readWitness, writeWitness],
  ifItFails: failure(
    "Either the witness refused, and nothing has changed: the old cell keeps the role. Or it did not answer, and the role may have been taken: then nobody can trade until the same command has gone on.",
    [
      "See who has the role: `castle status`.",
      "Run the same command again if the witness did not answer: it recognises its own write, and goes on.",
      "Stop if the record names another execution: a second operator is at work, and one of you has to step back.",
      "Add `--consent-to-loss` to a failover if the record is solo, the active region will not be back, and whoever owns the risk accepts the exposure shown.",
      'Look at the table itself if the witness stays silent: `aws dynamodb get-item --table-name TABLE --key \'{"id":{"S":"active-role"}}\' --consistent-read --region WITNESS`. Without it no role can be taken.',
    ],
  ),
  isDone: async ({ id, plan, witness }) => {
    const record = await witness.read();
    const ours = record.changedBy === id || plan.continues !== null;
    return ours && record.epoch === plan.epoch && record.activeRegion === plan.to;
  },
  run: async ({ id, plan, witness, isApproved }) => {
    const record = await witness.change({
      kind: "hand-over",
      to: plan.to,
      from: epoch(plan.epoch - 1),
      by: id,
      // Not what was asked for ahead, but what somebody agreed to: a record that has gone solo since refuses.
      consentToLoss: isApproved(CONSENT_TO_LOSS),
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
