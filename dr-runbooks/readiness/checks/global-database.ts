import { seconds } from "@castle/regions/duration.ts";
import { GlobalDatabase } from "../../aws/global-database.ts";
import { type DatabaseMember, databaseMember } from "../../aws/readiness-database.ts";
import type { CellRegion } from "../../target.ts";
import { type Check, judged, type Verdict } from "../check.ts";
import { named } from "../named.ts";

export const globalDatabase: Check = {
  name: "global-database",
  why: "A failover is refused while the global database is changing, and with engine versions that do not match.",
  mend: "Wait for the change under way to end; upgrade the member whose engine version is behind.",
  severity: "blocks",
  deadline: seconds(10),
  look: async (world) => {
    const { active, peer } = await world.sides();
    const { aws } = world.connections;
    const { cells, globalClusterIdentifier } = world.target;
    const member = (region: CellRegion): Promise<DatabaseMember> =>
      named(`RDS in ${region}`, databaseMember(aws.rds(region), cells[region].clusterArn));
    const [cluster, ofActive, ofPeer] = await Promise.all([
      // A failover asks the peer's endpoint, and so does this.
      named(`RDS in ${peer}`, new GlobalDatabase(aws.rds(peer), globalClusterIdentifier).describe()),
      member(active),
      member(peer),
    ]);
    return judgeGlobalDatabase({
      ...{ writer: cluster.writer, movingTo: cluster.movingTo, wanted: cells[active].clusterArn },
      members: [
        [active, ofActive],
        [peer, ofPeer],
      ],
    });
  },
};

/** Pure. */
export function judgeGlobalDatabase(found: {
  readonly writer: string | null;
  readonly movingTo: string | null;
  /** ARN of the member that is to be the writer. */
  readonly wanted: string;
  readonly members: readonly (readonly [region: string, member: DatabaseMember])[];
}): Verdict {
  const versions = new Set(found.members.map(([, { engineVersion }]) => engineVersion));
  const against = [
    ...(found.writer === found.wanted ? [] : [`its writer is ${found.writer ?? "no member"}`]),
    ...(found.movingTo === null ? [] : [`it is moving to ${found.movingTo}`]),
    ...found.members.flatMap(([region, { status }]) =>
      status === "available" ? [] : [`the member in ${region} is ${status}`],
    ),
    ...(versions.size === 1
      ? []
      : [
          `versions differ: ${found.members.map(([region, m]) => `${m.engineVersion} in ${region}`).join(", ")}`,
        ]),
  ];
  return judged(against, {
    found: `both members available, engine ${[...versions].join(" and ")}`,
    wanted: "the active cell's member as writer, both available, one engine version",
  });
}
