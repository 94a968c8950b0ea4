import { seconds } from "@castle/regions/duration.ts";
import type { Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";
import { failure } from "./failure.ts";

export const RAISE_DATABASE_EPOCH = "raise-database-epoch";

export const raiseDatabaseEpoch: Step<Handover> = {
  name: RAISE_DATABASE_EPOCH,
  purpose: "Raise the epoch in the database, closed: writes of the old epoch are refused from here on.",
  timeout: seconds(30),
  ifItFails: failure(
    "The database takes writes, and still stands at the old epoch. The old cell is fenced and the target's gate is closed, so nobody can trade and nothing is at risk.",
    [
      "Run the same command again.",
      "Look at `castle status`: if the target's database is at a later epoch than this one, somebody else has taken the role meanwhile, and this handover is over.",
    ],
  ),
  isDone: async ({ to, plan }) => {
    const { epoch, region } = await to.cell.database.role();
    return epoch === plan.epoch && region === plan.to;
  },
  run: ({ to, plan }) => to.cell.database.raiseEpoch(plan.epoch, plan.to),
};
