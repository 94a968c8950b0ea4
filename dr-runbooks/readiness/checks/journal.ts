import { seconds } from "@castle/regions/duration.ts";
import { type Check, judged, type Verdict } from "../check.ts";
import { type Ends, furthest, missingFrom, tellEnds, total } from "../streams.ts";

/** What a busy second accepts and has under way to the peer. */
const MOST_UNDER_WAY = 1_000;

export const journal: Check = {
  name: "journal",
  why: "A takeover keeps what stands in the peer's journal; what does not is not acknowledged, and its trader waits.",
  mend: "Look at the link between the regions and at the matching engine's log: it appends, and fills gaps, by itself.",
  severity: "blocks",
  deadline: seconds(5),
  look: async (world) => {
    const { active, peer } = await world.sides();
    // The marks after the ends: what was accepted by then may only be less than what is seen behind it.
    const accepted = await world.ends(active);
    return judgeJournal(accepted, await world.marks(peer), await world.ends(peer));
  },
};

/**
 * The peer holds a stream as far as its journal's mark, or its database where that is further: the journal starts empty
 * beside a database that is a copy. Pure.
 */
export function judgeJournal(accepted: Ends, marks: Ends, received: Ends): Verdict {
  const missing = missingFrom(furthest(marks, received), accepted);
  const count = total(missing);
  return judged(count > MOST_UNDER_WAY ? [`the peer lacks ${tellEnds(missing)}`] : [], {
    found: count === 0 ? "every accepted command is in the peer" : `${tellEnds(missing)} under way`,
    wanted: `at most ${MOST_UNDER_WAY} commands on their way to the peer`,
    figures: { castle_journal_lag_commands: count },
  });
}
