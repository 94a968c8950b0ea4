import { seconds } from "@castle/regions/duration.ts";
import { GlobalCache, type GlobalCacheState } from "../../aws/global-cache.ts";
import { type Check, judged, type Verdict } from "../check.ts";
import { named } from "../named.ts";
import type { CacheFacts } from "../probe-cache.ts";

const MOST_BYTES = 16 * 1024 * 1024;
/** A primary speaks at least every ten seconds, as Redis is delivered. */
const MOST_SECONDS = 15;

export const cacheReplication: Check = {
  name: "cache-replication",
  why: "A cache that follows comes over warm; one that does not starts a takeover with every queue and book rebuilt cold.",
  mend: "Look at the global datastore's state; add the peer's replication group to it again if it has fallen out.",
  severity: "blocks",
  deadline: seconds(10),
  look: async (world) => {
    const { active, peer } = await world.sides();
    const datastoreSeen = new GlobalCache(
      world.connections.aws.cache(peer),
      world.target.globalReplicationGroupId,
    );
    const [ofActive, ofPeer, datastore] = await Promise.all([
      world.cache(active),
      world.cache(peer),
      named(`ElastiCache in ${peer}`, datastoreSeen.describe()),
    ]);
    const group = world.target.cells[active].replicationGroupId;
    return judgeCacheReplication({ active: ofActive, peer: ofPeer, datastore, group });
  },
};

/** Pure. */
export function judgeCacheReplication(found: {
  readonly active: CacheFacts;
  readonly peer: CacheFacts;
  readonly datastore: GlobalCacheState;
  /** The replication group that is to be the primary. */
  readonly group: string;
}): Verdict {
  const { active, peer, datastore } = found;
  const bytes = Math.max(0, active.offset - peer.offset);
  const { link } = peer;
  const follows = link !== null && peer.replicationId === active.replicationId;
  const against = [
    ...(active.role === "master" ? [] : ["the active cell's cache is a replica"]),
    ...(link === null ? ["the peer's cache is a primary of its own"] : []),
    ...(link?.up === false ? ["the peer's cache has lost its primary"] : []),
    ...(link !== null && !follows ? ["the peer's cache holds another history than the active one's"] : []),
    ...(follows && bytes > MOST_BYTES ? [`${bytes} bytes behind`] : []),
    ...(link?.up && link.heardSecondsAgo > MOST_SECONDS
      ? [`heard nothing for ${link.heardSecondsAgo} s`]
      : []),
    ...(datastore.primary === found.group
      ? []
      : [`the datastore's primary is ${datastore.primary ?? "no member"}`]),
    ...(datastore.status === "available" ? [] : [`the global datastore is ${datastore.status}`]),
  ];
  return judged(against, {
    found: `follows, ${bytes} bytes behind, heard its primary ${link?.heardSecondsAgo ?? 0} s ago`,
    wanted: `a replica of the active one, link up, at most ${MOST_BYTES / 1024 / 1024} MiB behind`,
    // Offsets of two histories cannot be compared.
    ...(follows
      ? { figures: { castle_cache_lag_bytes: bytes, castle_cache_lag_seconds: link.heardSecondsAgo } }
      : {}),
  });
}
