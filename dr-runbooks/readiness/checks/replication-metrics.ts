import { seconds } from "@castle/regions/duration.ts";
import type { LagMetrics, Told } from "../../aws/lag-metrics.ts";
import { type Check, judged, type Verdict } from "../check.ts";
import { replayedSecondsAgo } from "../probe-database.ts";
import { missingFrom, total } from "../streams.ts";

/** CloudWatch has a minute's figure a minute or two after it. */
const MOST_SECONDS_AGO = 300;
/** The figures are of different minutes: closer than that they need not be. */
const MOST_SECONDS_APART = 60;

export interface MetricsFound {
  readonly told: LagMetrics;
  /** As the servers themselves show it, in seconds; null where they do not answer. */
  readonly seen: { readonly database: number | null; readonly cache: number | null };
}

export const replicationMetrics: Check = {
  name: "replication-metrics",
  why: "Alarms, dashboards and whoever has no way into the databases go by these metrics, and one that has stopped looks like no lag at all.",
  mend: "Look for AuroraGlobalDBReplicationLag and GlobalDatastoreReplicationLag in CloudWatch in the peer; a member that has left its global database or datastore publishes none.",
  severity: "warns",
  deadline: seconds(20),
  look: async (world) => {
    const { active, peer } = await world.sides();
    const orNull = <Answer>(answer: Promise<Answer>): Promise<Answer | null> => answer.catch(() => null);
    const [told, accepted, received, ago, cache] = await Promise.all([
      world.lags(peer),
      orNull(world.ends(active)),
      orNull(world.ends(peer)),
      orNull(world.inDatabase(peer, ({ knex }) => replayedSecondsAgo(knex))),
      orNull(world.cache(peer)),
    ]);
    const nothingLacks = accepted && received && total(missingFrom(received, accepted)) === 0;
    return judgeMetrics({
      told,
      seen: { database: nothingLacks ? 0 : ago, cache: cache?.link?.up ? cache.link.heardSecondsAgo : null },
    });
  },
};

/** Pure. */
export function judgeMetrics({ told, seen }: MetricsFound): Verdict {
  const database = told.database && { ...told.database, value: told.database.value / 1_000 };
  const against = [
    ...mistakes("AuroraGlobalDBReplicationLag", database, seen.database),
    ...mistakes("GlobalDatastoreReplicationLag", told.cache, seen.cache),
  ];
  return judged(against, {
    found: `the database ${(database?.value ?? 0).toFixed(3)} s behind, the cache ${told.cache?.value ?? 0} s, as the servers say themselves`,
    wanted: `both metrics of the peer, at most ${MOST_SECONDS_AGO / 60} minutes old, and within ${MOST_SECONDS_APART} s of what the servers show`,
    ...(database ? { figures: { castle_replication_lag_told_seconds: database.value } } : {}),
  });
}

function mistakes(name: string, told: Told | null, seen: number | null): string[] {
  if (told === null) return [`${name} has not been told lately`];
  if (told.secondsAgo > MOST_SECONDS_AGO)
    return [`${name} was told last ${Math.round(told.secondsAgo / 60)} minutes ago`];
  const apart = seen === null ? 0 : Math.abs(told.value - seen);
  return apart > MOST_SECONDS_APART + told.secondsAgo
    ? [`${name} tells ${told.value.toFixed(1)} s, and the servers ${(seen ?? 0).toFixed(1)} s`]
    : [];
}
