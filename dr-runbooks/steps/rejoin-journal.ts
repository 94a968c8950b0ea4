import { minutes } from "@castle/regions/duration.ts";
import { readWitness } from "../aws/calls.ts";
import type { Finding, Step } from "../engine/step.ts";
import { awaited, isSo } from "../runbooks/operations/await.ts";
import type { Operation } from "../runbooks/operations/operation.ts";
import { failure } from "./failure.ts";
import { type StreamEnd, shortOf, sumReached } from "./stream-ends.ts";

const NAME = "rejoin-journal";

/** The active cell's engine raises it and backfills it by itself. */
export const rejoinJournal: Step<Operation> = {
  name: NAME,
  purpose:
    "Wait until the cell's journal is at the present epoch and reaches to the active cell's streams' ends.",
  timeout: minutes(15),
  calls: [readWitness],
  ifItFails: failure(
    "What the active cell accepts is not in this region yet: losing the active one would lose it.",
    [
      "See with castle status how far the journal reaches, and whether the active cell's matching engine reaches it.",
      "Run the command again.",
    ],
  ),
  isDone: (operation) => isSo(async () => reaches(operation, await operation.active.cell.database.streams())),
  run: async (operation, at) => {
    const ends = await operation.active.cell.database.streams();
    await awaited(operation, NAME, () => reaches(operation, ends), at);
  },
};

async function reaches({ cell, plan }: Operation, ends: readonly StreamEnd[]): Promise<Finding> {
  const held = await cell.cell.journal.epoch();
  if (held !== plan.epoch) return `the journal in ${cell.region} is at epoch ${held}, not at ${plan.epoch}`;
  const marks = await cell.cell.journal.highWater();
  const missing = shortOf(ends, marks);
  if (missing.length === 0) return true;
  return {
    reached: sumReached(ends, marks),
    words: `the journal in ${cell.region} has ${missing.join(", ")}`,
  };
}
