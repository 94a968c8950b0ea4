import { seconds } from "@castle/regions/duration.ts";
import type { Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";

export const raiseDatabaseEpoch: Step<Handover> = {
  name: "raise-database-epoch",
  purpose: "Raise the epoch in the database, closed: writes of the old epoch are refused from here on.",
  timeout: seconds(30),
  isDone: async ({ to, plan }) => {
    const { epoch, region } = await to.cell.database.role();
    return epoch === plan.epoch && region === plan.to;
  },
  run: ({ to, plan }) => to.cell.database.raiseEpoch(plan.epoch, plan.to),
};
