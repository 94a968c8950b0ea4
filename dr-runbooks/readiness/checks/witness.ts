import { seconds } from "@castle/regions/duration.ts";
import { type Check, judged, type Verdict } from "../check.ts";

/** A takeover asks it twice before anything else is done. Milliseconds. */
const SLOW_MS = 2_000;

export const witness: Check = {
  name: "witness",
  why: "The first step of every takeover is a conditional write to the witness; without it nobody may take the role.",
  mend: "See that the witness's table exists and that this machine's credentials and network reach DynamoDB in its region.",
  severity: "blocks",
  deadline: seconds(5),
  look: async (world) => {
    const asked = performance.now();
    const { record } = await world.witness();
    return judgeWitness(performance.now() - asked, record);
  },
};

/** Pure. @param ms how long it took to answer. */
export function judgeWitness(
  ms: number,
  { epoch, activeRegion }: { epoch: number; activeRegion: string },
): Verdict {
  return judged(ms > SLOW_MS ? [`took ${(ms / 1_000).toFixed(1)} s to answer`] : [], {
    found: `epoch ${epoch}, ${activeRegion} active; answered in ${Math.round(ms)} ms`,
    wanted: `an answer within ${SLOW_MS / 1_000} s`,
    figures: { castle_witness_seconds: ms / 1_000 },
  });
}
