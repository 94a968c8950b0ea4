import { minutes } from "@castle/regions/duration.ts";
import { replayJournal as replay } from "@castle/services/kernel/database/replay.ts";
import type { Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";

export const REPLAY_JOURNAL = "replay-journal";

/** The database may end before what was acknowledged; the journal may not. Fenced before, its end stands still. */
export const replayJournal: Step<Handover> = {
  name: REPLAY_JOURNAL,
  purpose:
    "Copy the commands that the journal holds and the database lacks, so that nothing acknowledged is missing.",
  timeout: minutes(5),
  isDone: async (handover) => (await streamsBehind(handover)).length === 0,
  run: ({ to, plan }) =>
    replay({
      journal: to.cell.journal.knex,
      cell: to.cell.database.knex,
      epoch: plan.epoch,
      region: plan.to,
    }),
  verify: async (handover) => {
    const behind = await streamsBehind(handover);
    if (behind.length === 0) return true;
    throw new Error(`the database ends before the journal's mark: ${behind.join(", ")}`);
  },
};

/** The streams of which the journal holds more than the database, in words. */
async function streamsBehind({ to }: Handover): Promise<string[]> {
  const [marks, streams] = await Promise.all([to.cell.journal.highWater(), to.cell.database.streams()]);
  const lastSeqs = new Map(streams.map(({ stream, lastSeq }) => [stream, lastSeq]));
  return [...marks]
    .filter(([stream, mark]) => (lastSeqs.get(stream) ?? 0) < mark)
    .map(([stream, mark]) => `${stream} at ${lastSeqs.get(stream) ?? 0} of ${mark}`);
}
