import { cellRegions } from "@castle/regions/catalogue.ts";
import { seconds } from "@castle/regions/duration.ts";
import { type MemberBackups, type MemberSnapshot, memberBackups } from "../../aws/readiness-backups.ts";
import type { CellRegion } from "../../target.ts";
import { type Check, judged, notConfigured, type Verdict } from "../check.ts";
import { named } from "../named.ts";
import { tellSpan } from "../span.ts";

const DAY_MS = 86_400_000;

/**
 * What a writer that lost its role had not replicated, as AWS keeps it after a failover without its region: Aurora User
 * Guide, "Recovering an Amazon Aurora global database from an unplanned outage".
 */
const TAIL = /^rds:unplanned-global-failover-/;

export interface BackupsFound {
  readonly wanted: { readonly keptDays: number; readonly freshMinutes: number };
  readonly members: ReadonlyMap<CellRegion, MemberBackups>;
  readonly peer: CellRegion;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export const backups: Check = {
  name: "backups",
  why: "What was written wrongly is in both regions within a second: only a backup goes back behind it, and only that of a region that is left.",
  mend: "Raise the member's backup retention period, take a snapshot (aws rds create-db-cluster-snapshot), and copy the one of an old writer's tail with aws rds copy-db-cluster-snapshot before it goes.",
  severity: "warns",
  deadline: seconds(20),
  look: async (world) => {
    const wanted = world.target.readiness?.backups;
    if (!wanted) return notConfigured("backups");
    const { peer } = await world.sides();
    const members = await Promise.all(
      cellRegions.map(async (region) => {
        const { clusterArn } = world.target.cells[region];
        const found = memberBackups(world.connections.aws.rds(region), clusterArn);
        return [region, await named(`RDS in ${region}`, found)] as const;
      }),
    );
    return judgeBackups({ wanted, members: new Map(members), peer, at: world.at });
  },
};

/** Pure. */
export function judgeBackups({ wanted, members, peer, at }: BackupsFound): Verdict {
  const against = [...members].flatMap(([region, { keptDays, latest, snapshots }]) => {
    const minutes = latest === null ? null : (at - latest) / 60_000;
    return [
      ...(keptDays < wanted.keptDays ? [`backups in ${region} are kept for ${keptDays} days`] : []),
      ...(minutes === null ? [`the database in ${region} can be restored to no moment`] : []),
      ...(minutes !== null && minutes > wanted.freshMinutes
        ? [
            `the last moment that the database in ${region} can be restored to is ${tellSpan(minutes * 60)} ago`,
          ]
        : []),
      ...snapshots
        .filter((snapshot) => TAIL.test(snapshot.identifier) && snapshot.type === "automated")
        .filter(({ arn }) => !snapshots.some(({ copyOf }) => copyOf === arn))
        .map((snapshot) => tellTail(snapshot, region, keptDays, at)),
    ];
  });
  const last = members.get(peer)?.latest ?? null;
  return judged(against, {
    found: `both can be restored, the peer to ${last === null ? "no moment" : `${tellSpan((at - last) / 1_000)} ago`}`,
    wanted: `both can be restored to a moment within ${wanted.freshMinutes} minutes, backups are kept for ${wanted.keptDays} days or more, and a copy of every old writer's tail`,
    ...(last === null ? {} : { figures: { castle_restorable_seconds: (at - last) / 1_000 } }),
  });
}

function tellTail(
  { identifier, createdAt }: MemberSnapshot,
  region: string,
  keptDays: number,
  at: number,
): string {
  const hours = (createdAt + keptDays * DAY_MS - at) / 3_600_000;
  return `${identifier} of ${region} is kept for ${Math.max(0, hours).toFixed(1)} h more and has no copy: what the old writer had not replicated goes with it`;
}
