import { seconds } from "@castle/regions/duration.ts";
import { type Check, judged, type Verdict } from "../check.ts";
import { type Vouched, vouchedIn } from "../probe-journal.ts";

/** The standby's engine says so twice a second. */
const MOST_SECONDS = 5;

export const standbyVouches: Check = {
  name: "standby-vouches",
  why: "The journal forgets what the standby database is known to hold, and the cells are paired again only on its word.",
  mend: "See that the peer's matching engine runs, and that the database beside its journal is a reader that follows.",
  severity: "blocks",
  deadline: seconds(5),
  look: async (world) => {
    const [{ record }, { peer }] = await Promise.all([world.witness(), world.sides()]);
    const vouched = await world.inJournal(peer, ({ knex }) => vouchedIn(knex));
    return judgeVouched(vouched, record.epoch);
  },
};

/** As `journal_standby_followed` decides it, with a longer patience. Pure. */
export function judgeVouched({ epoch, secondsAgo, sinceStart }: Vouched, wanted: number): Verdict {
  const against = [
    ...(epoch === wanted ? [] : [`the standby database last vouched in epoch ${epoch}`]),
    ...(secondsAgo <= MOST_SECONDS ? [] : [`its last word is ${secondsAgo.toFixed(1)} s old`]),
    ...(sinceStart ? [] : ["it has said nothing since the journal was started"]),
  ];
  return judged(against, {
    found: `the standby database vouched ${secondsAgo.toFixed(1)} s ago`,
    wanted: `its word in epoch ${wanted}, at most ${MOST_SECONDS} s old`,
    figures: { castle_journal_vouched_seconds: secondsAgo },
  });
}
