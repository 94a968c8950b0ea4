import { seconds } from "@castle/regions/duration.ts";
import { type Check, judged, type Verdict } from "../check.ts";
import type { CacheFacts } from "../probe-cache.ts";

type Facts = Pick<CacheFacts, "version" | "evictionPolicy">;

export const cacheParity: Check = {
  name: "cache-parity",
  why: "A Redis that evicts drops jobs under load, and an older one cannot follow a newer one.",
  mend: "Set maxmemory-policy to noeviction in both parameter groups; upgrade the older cache.",
  severity: "blocks",
  deadline: seconds(5),
  look: async (world) => {
    const { active, peer } = await world.sides();
    return judgeCacheParity(...(await Promise.all([world.cache(active), world.cache(peer)])));
  },
};

/** Pure. */
export function judgeCacheParity(active: Facts, peer: Facts): Verdict {
  const evicts = (who: string, { evictionPolicy }: Facts): string[] =>
    evictionPolicy === "noeviction" ? [] : [`maxmemory-policy is ${evictionPolicy} in the ${who}`];
  const against = [
    ...(active.version === peer.version ? [] : [`Redis ${active.version}, in the peer ${peer.version}`]),
    ...evicts("active cell", active),
    ...evicts("peer", peer),
  ];
  return judged(against, {
    found: `Redis ${active.version} and noeviction in both`,
    wanted: "one version, maxmemory-policy noeviction in both",
  });
}
