import { seconds } from "@castle/regions/duration.ts";
import { until } from "../engine/poll.ts";
import type { Finding, Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";

export const drain: Step<Handover> = {
  name: "drain",
  purpose: "Wait until everything accepted is in the target's journal and applied by the engines.",
  timeout: seconds(5),
  isDone: async (handover) => (await drained(handover)) === true,
  run: (handover, at) => until(() => drained(handover), at),
};

async function drained({ from, to, plan }: Handover): Promise<Finding> {
  const [streams, marks] = await Promise.all([
    from.cell.database.streams(),
    to.cell.journal.marks(plan.epoch - 1),
  ]);
  const left = streams.filter(
    ({ stream, lastSeq, appliedSeq }) => appliedSeq < lastSeq || (marks.get(stream) ?? 0) < lastSeq,
  );
  if (left.length === 0) return true;
  const told = left.map(
    ({ stream, lastSeq, appliedSeq }) =>
      `${stream}: ${lastSeq} accepted, ${marks.get(stream) ?? 0} in the journal, ${appliedSeq} applied`,
  );
  return told.join("; ");
}
