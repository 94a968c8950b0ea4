import { seconds } from "@castle/regions/duration.ts";
import { readWitness } from "../aws/calls.ts";
import type { Step } from "../engine/step.ts";
import { fewTimes } from "../runbooks/operations/few-times.ts";
import { type Operation, otherCellIsActive } from "../runbooks/operations/operation.ts";
import { failure } from "./failure.ts";

/** The active cell appends to it in the present epoch, which goes on; nothing older gets in. */
export const isolateOwnJournal: Step<Operation> = {
  name: "isolate-own-journal",
  purpose: "Raise the epoch in the cell's own journal, so that nothing of an older epoch is appended there.",
  timeout: seconds(5),
  calls: [readWitness],
  bestEffort: true,
  retry: fewTimes,
  ifItFails: failure(
    "The cell's journal was not reached. It takes nothing that could be acknowledged in an older epoch.",
    [
      "Run the command again once the cell answers; the active cell raises that journal itself when it reaches it.",
    ],
  ),
  isDone: async ({ cell, plan }) => (await cell.cell.journal.epoch()) >= plan.epoch,
  needs: "the witness still names the other cell, in the execution's epoch",
  precondition: otherCellIsActive,
  run: (operation) => operation.cell.cell.journal.raiseEpoch(operation.plan.epoch),
  verify: async ({ cell, plan }) =>
    (await cell.cell.journal.refuses(plan.epoch - 1)) ||
    `the journal in ${cell.region} still answers epoch ${plan.epoch - 1}`,
};
