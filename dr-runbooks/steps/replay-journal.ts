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
  run: ({ to, plan }) =>
    replay({
      journal: to.cell.journal.knex,
      cell: to.cell.database.knex,
      epoch: plan.epoch,
      region: plan.to,
    }),
  verify: async ({ to }) => {
    const [marks, streams] = await Promise.all([to.cell.journal.highWater(), to.cell.database.streams()]);
    const lastSeqs = new Map(streams.map(({ stream, lastSeq }) => [stream, lastSeq]));
    const behind = [...marks].filter(([stream, mark]) => (lastSeqs.get(stream) ?? 0) < mark);
    if (behind.length === 0) return true;
    throw new Error(
      `the database ends before the journal's mark: ${behind.map(([stream, mark]) => `${stream} at ${lastSeqs.get(stream) ?? 0} of ${mark}`).join(", ")}`,
    );
  },
};
