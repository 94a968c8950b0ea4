import { seconds } from "@castle/regions/duration.ts";
import { until } from "../engine/poll.ts";
import type { Finding, Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";
import { failure } from "./failure.ts";
import { sumReached } from "./stream-ends.ts";

export const drain: Step<Handover> = {
  name: "drain",
  purpose: "Wait until everything accepted is in the target's journal and applied by the engines.",
  timeout: seconds(5),
  ifItFails: failure(
    "Something the old cell accepted is not yet in the target's journal, or not yet applied. The old cell is opened again and keeps the role: a pause for traders, and no loss.",
    [
      "Read the error: it names each stream with what was accepted, what is in the journal, and what is applied.",
      "Look at the network between the cells and at the target's journal if the journal is behind, and at the old cell's engines if applying is.",
      "Run the same command again, in a quieter minute if the load was the reason.",
    ],
  ),
  needs: "the old cell's gate is closed",
  precondition: oldCellIsClosed,
  isDone: async (handover) => (await drained(handover)) === true,
  run: (handover, at) => until(() => drained(handover), at),
};

/** While it accepts, the streams' ends do not stand still. */
async function oldCellIsClosed({ from }: Handover): Promise<Finding> {
  const { gate } = await from.cell.database.role();
  return gate === "closed" || `the gate of ${from.region} is ${gate}`;
}

async function drained({ from, to, plan }: Handover): Promise<Finding> {
  const [streams, marks] = await Promise.all([
    from.cell.database.streams(),
    to.cell.journal.marks(plan.epoch - 1),
  ]);
  const left = streams.filter(
    ({ stream, lastSeq, appliedSeq }) => appliedSeq < lastSeq || (marks.get(stream) ?? 0) < lastSeq,
  );
  if (left.length === 0) return true;
  const lines = left.map(
    ({ stream, lastSeq, appliedSeq }) =>
      `${stream}: ${lastSeq} accepted, ${marks.get(stream) ?? 0} in the journal, ${appliedSeq} applied`,
  );
  const applied = new Map(streams.map(({ stream, appliedSeq }) => [stream, appliedSeq] as const));
  return { reached: sumReached(streams, marks) + sumReached(streams, applied), words: lines.join("; ") };
}
