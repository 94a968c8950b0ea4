import { minutes } from "@castle/regions/duration.ts";
import { readWitness } from "../aws/calls.ts";
import { until } from "../engine/poll.ts";
import type { Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";
import { failure } from "./failure.ts";

/** The new active cell pairs by itself: raises the epoch in the old cell's journal, fills it, tells the witness. */
export const awaitPaired: Step<Handover> = {
  name: "await-paired",
  purpose: "Wait until every command is durable in both regions again. Trading goes on meanwhile.",
  timeout: minutes(2),
  calls: [readWitness],
  ifItFails: failure(
    "The target is open, and everybody trades. It is solo: what it acknowledges exists in its region alone until the old cell follows, and would be lost with it.",
    [
      "Tell everybody who has to know that the platform trades without its second region.",
      "See what the pairing waits for, and bring that back: `castle rejoin --region OLD` says it, and does what is left to do.",
      "Run the same command again: all that is left of it is this wait.",
    ],
  ),
  run: ({ witness, plan }, at) =>
    until(async () => {
      const { epoch, activeRegion, mode } = await witness.read();
      if (epoch !== plan.epoch)
        throw new Error(`the role moved on to ${activeRegion} in epoch ${epoch}; this switchover is history`);
      return mode === "paired" || `epoch ${epoch} is solo still: ${plan.from} is not following yet`;
    }, at),
};
