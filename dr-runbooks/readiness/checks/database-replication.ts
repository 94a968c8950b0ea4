import { seconds } from "@castle/regions/duration.ts";
import { GlobalDatabase } from "../../aws/global-database.ts";
import { type Check, judged, type Verdict } from "../check.ts";
import { named } from "../named.ts";
import { replayedSecondsAgo } from "../probe-database.ts";
import { type Ends, missingFrom, tellEnds, total } from "../streams.ts";

/** More than this is replayed out of the journal in seconds, not at once. */
const MOST_COMMANDS = 1_000;
const MOST_SECONDS = 10;

export interface ReplicationFound {
  readonly peer: string;
  readonly reader: boolean;
  /** What RDS reports of the peer's member of the global database; "unknown" when nothing, null when it has no such member. */
  readonly synchronization: string | null;
  readonly accepted: Ends;
  readonly received: Ends;
  readonly replayedSecondsAgo: number | null;
}

export const databaseReplication: Check = {
  name: "database-replication",
  why: "What the peer's database lacks is replayed out of its journal, with the market closed.",
  mend: "Look at the replication lag of the global database and at the peer's writer load; rebuild the peer's member if it is not connected.",
  severity: "blocks",
  deadline: seconds(10),
  look: async (world) => {
    const { active, peer } = await world.sides();
    const globalDatabase = new GlobalDatabase(
      world.connections.aws.rds(peer),
      world.target.globalClusterIdentifier,
    );
    const [role, received, ago, cluster] = await Promise.all([
      world.role(peer),
      world.ends(peer),
      world.inDatabase(peer, ({ knex }) => replayedSecondsAgo(knex)),
      named(`RDS in ${peer}`, globalDatabase.describe()),
    ]);
    return judgeReplication({
      ...{ peer, reader: !role.writer, received, replayedSecondsAgo: ago },
      synchronization: cluster.synchronization.get(world.target.cells[peer].clusterArn) ?? null,
      accepted: await world.ends(active),
    });
  },
};

/**
 * A reader that lacks nothing is not behind, however long ago the last transaction was: its age tells only of one that
 * lacks something. Pure.
 */
export function judgeReplication(found: ReplicationFound): Verdict {
  const missing = missingFrom(found.received, found.accepted);
  const commands = total(missing);
  const lagSeconds = commands === 0 ? 0 : found.replayedSecondsAgo;
  const against = [
    ...(found.reader ? [] : [`the database in ${found.peer} is a writer: it follows nobody`]),
    ...(found.synchronization === "connected" || found.synchronization === "unknown"
      ? []
      : [`RDS tells its member is ${found.synchronization ?? "not in the global database"}`]),
    ...(commands > MOST_COMMANDS ? [`lacks ${tellEnds(missing)}`] : []),
    ...(commands > 0 && lagSeconds === null ? ["has replayed no transaction since it started"] : []),
    ...(lagSeconds !== null && lagSeconds > MOST_SECONDS ? [`${lagSeconds.toFixed(1)} s behind`] : []),
  ];
  const verdict = judged(against, {
    found: `follows; lacks ${commands} commands, ${(lagSeconds ?? 0).toFixed(1)} s behind`,
    wanted: `a connected reader, at most ${MOST_COMMANDS} commands and ${MOST_SECONDS} s behind`,
    figures: {
      castle_replication_lag_commands: commands,
      ...(lagSeconds === null ? {} : { castle_replication_lag_seconds: lagSeconds }),
    },
  });
  return verdict.outcome === "holds" && found.synchronization === "unknown"
    ? { ...verdict, outcome: "unknown", found: "RDS does not report whether its member is connected" }
    : verdict;
}
