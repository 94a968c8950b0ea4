import { milliseconds, minutes } from "@castle/regions/duration.ts";
import { readWitness } from "../aws/calls.ts";
import { until } from "../engine/poll.ts";
import type { Finding, Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";
import { failure } from "./failure.ts";
import { shortOf, sumReached } from "./stream-ends.ts";

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
  run: (handover, at) => until(() => isPaired(handover), at, POLL_EVERY),
};

/** Traders wait for none of it, and the witness and three databases are asked each time. */
const POLL_EVERY = milliseconds(100);

async function isPaired(handover: Handover): Promise<Finding> {
  const { witness, plan } = handover;
  const { epoch, activeRegion, mode } = await witness.read();
  if (epoch !== plan.epoch)
    throw new Error(`the role moved on to ${activeRegion} in epoch ${epoch}; this switchover is history`);
  if (mode === "paired") return true;
  const solo = `epoch ${epoch} is solo still: ${plan.from} is not following yet`;
  // Where one of them does not answer, there is no telling how far it is.
  return backfilled(handover, solo).catch(() => solo);
}

/** How far the old cell's journal has been filled with what the new one acknowledged alone. */
async function backfilled({ from, to }: Handover, solo: string): Promise<Finding> {
  const [ends, marks] = await Promise.all([to.cell.database.streams(), from.cell.journal.highWater()]);
  const missing = shortOf(ends, marks);
  if (missing.length === 0) return solo;
  return { reached: sumReached(ends, marks), words: `${solo}: its journal has ${missing.join(", ")}` };
}
