import { seconds } from "@castle/regions/duration.ts";
import { type Check, judged, type Verdict } from "../check.ts";
import type { Connected } from "../probe-database.ts";

/** A runbook, an operator and a monitor find a place beside the services. */
const SPARE = 10;

export const standbyCapacity: Check = {
  name: "standby-capacity",
  why: "The peer gets the whole load at once: connections that it cannot take are orders that it refuses.",
  mend: "End what holds connections in the peer's database without need, or raise max_connections in both cells.",
  severity: "blocks",
  deadline: seconds(5),
  look: async (world) => {
    const { active, peer } = await world.sides();
    return judgeCapacity(...(await Promise.all([world.connected(active), world.connected(peer)])));
  },
};

type Counted = Pick<Connected, "most" | "used">;

/** What is connected to the active database now is what the peer will have to take beside what it has. Pure. */
export function judgeCapacity(active: Counted, peer: Counted): Verdict {
  const free = peer.most - peer.used;
  const needed = active.used + SPARE;
  return judged(free < needed ? [`${free} connections free of ${peer.most}, ${needed} needed`] : [], {
    found: `${free} of ${peer.most} connections free`,
    wanted: `${needed}: as many as the active cell uses, and ${SPARE} more`,
    figures: { castle_standby_connections_free: free },
  });
}
