import { seconds } from "@castle/regions/duration.ts";
import { readWitness } from "../aws/calls.ts";
import type { Step } from "../engine/step.ts";
import { type Operation, otherCellIsActive } from "../runbooks/operations/operation.ts";
import { failure } from "./failure.ts";

export const ISOLATE_FENCE = "isolate-fence";

/** The fence was raised, and does not hold. */
export class IsolationUnconfirmed extends Error {
  constructor(region: string, old: number) {
    super(
      `the journal in ${region} still answers epoch ${old}: the other cell is not fenced. Cut its network off by other means`,
    );
    this.name = "IsolationUnconfirmed";
  }
}

/** A cell appends to the *other* cell's journal and acknowledges only what that has taken: so it is fenced there. */
export const isolateFence: Step<Operation> = {
  name: ISOLATE_FENCE,
  purpose:
    "Raise the epoch in the active cell's journal to the present one, so that the cell can acknowledge nothing.",
  timeout: seconds(15),
  ifItFails: failure(
    "It is not proven that the cell can acknowledge nothing: should it hold the role of an older epoch, it may go on. Nothing else was done.",
    [
      "See with castle status whether the active cell's journal answers, and run the command again.",
      "Cut the cell's network off (security groups, route tables) if its journal link cannot be fenced.",
    ],
  ),
  needs: "the witness still names the other cell, in the execution's epoch",
  precondition: otherCellIsActive,
  isDone: async ({ active, plan }) => (await active.cell.journal.epoch()) >= plan.epoch,
  run: ({ active, plan }) => active.cell.journal.raiseEpoch(plan.epoch),
  verify: async ({ active, plan }) => {
    const old = plan.epoch - 1;
    if (await active.cell.journal.refuses(old)) return true;
    throw new IsolationUnconfirmed(active.region, old);
  },
  calls: [readWitness],
};
