import { minutes } from "@castle/regions/duration.ts";
import { replayJournal as replay } from "@castle/services/kernel/database/replay.ts";
import { watchedWhile } from "../engine/poll.ts";
import { type Finding, type Step, wordsOf } from "../engine/step.ts";
import type { Handover } from "../handover.ts";
import { CONSENT_PAST_THE_FENCE } from "./consent-to-loss.ts";
import { failure } from "./failure.ts";
import type { StreamEnd } from "./stream-ends.ts";

export const REPLAY_JOURNAL = "replay-journal";

/** The database may end before what was acknowledged; the journal may not. Fenced before, its end stands still. */
export const replayJournal: Step<Handover> = {
  name: REPLAY_JOURNAL,
  purpose:
    "Copy the commands that the journal holds and the database lacks, so that nothing acknowledged is missing.",
  timeout: minutes(5),
  ifItFails: failure(
    "The database may lack orders that were acknowledged. They are safe in the target's journal, and the gate stays closed, so that nobody sees or fills the gap.",
    [
      "Leave the target's journal as it is: do not rebuild, prune or replace it. It is the only copy.",
      "Run the same command again: what was copied is not copied twice.",
      "Call whoever owns the ledger if the error names a different command at a taken place: two histories have met, and no machine should choose.",
    ],
  ),
  needs:
    "the target's journal is at the handover's epoch, so that its end stands still (or loss past the fence was consented to)",
  precondition: endStandsStill,
  isDone: async (handover) => (await streamsBehind(handover)).length === 0,
  run: (handover, at) => {
    const { to, plan } = handover;
    const copying = replay({
      journal: to.cell.journal.knex,
      cell: to.cell.database.knex,
      epoch: plan.epoch,
      region: plan.to,
    });
    return watchedWhile(copying, () => nothingIsMissing(handover), at);
  },
  verify: async (handover) => {
    const finding = await nothingIsMissing(handover);
    if (finding === true) return true;
    throw new Error(wordsOf(finding));
  },
};

/** Read before the fence is raised, the journal's end could still move behind the reader's back. */
async function endStandsStill({ to, plan, isApproved }: Handover): Promise<Finding> {
  if (isApproved(CONSENT_PAST_THE_FENCE)) return true;
  const held = await to.cell.journal.epoch();
  return (
    held >= plan.epoch || `the journal in ${to.region} is at epoch ${held}: its end does not stand still`
  );
}

/** Whether the database holds every command that the journal beside it does: all that was acknowledged. */
export async function nothingIsMissing(handover: Handover): Promise<Finding> {
  const behind = await streamsBehind(handover);
  if (behind.length === 0) return true;
  const names = behind.map(({ stream, lastSeq, mark }) => `${stream} at ${lastSeq} of ${mark}`);
  return {
    reached: -behind.reduce((sum, { lastSeq, mark }) => sum + mark - lastSeq, 0),
    words: `the database ends before the journal's mark: ${names.join(", ")}`,
  };
}

interface StreamBehind extends StreamEnd {
  readonly mark: number;
}

/** The streams of which the journal holds more than the database. */
async function streamsBehind({ to }: Handover): Promise<StreamBehind[]> {
  const [marks, streams] = await Promise.all([to.cell.journal.highWater(), to.cell.database.streams()]);
  const lastSeqs = new Map(streams.map(({ stream, lastSeq }) => [stream, lastSeq]));
  return [...marks]
    .map(([stream, mark]) => ({ stream, mark, lastSeq: lastSeqs.get(stream) ?? 0 }))
    .filter(({ mark, lastSeq }) => lastSeq < mark);
}
