import { minutes } from "@castle/regions/duration.ts";
import { until } from "../engine/poll.ts";
import type { Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";

/** The new active cell pairs by itself: raises the epoch in the old cell's journal, fills it, tells the witness. */
export const awaitPaired: Step<Handover> = {
  name: "await-paired",
  purpose: "Wait until every command is durable in both regions again. Trading goes on meanwhile.",
  timeout: minutes(2),
  run: ({ witness, plan }, at) =>
    until(async () => {
      const { epoch, activeRegion, mode } = await witness.read();
      if (epoch !== plan.epoch)
        throw new Error(`the role moved on to ${activeRegion} in epoch ${epoch}; this switchover is history`);
      return mode === "paired" || `epoch ${epoch} is solo still: ${plan.from} is not following yet`;
    }, at),
};
