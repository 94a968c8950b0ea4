import type { RDSClient } from "@aws-sdk/client-rds";
import { sdk } from "./sdk.ts";

/** How a member's database is backed up. Times in milliseconds since 1970. */
export interface MemberBackups {
  readonly keptDays: number;
  /** The last moment that it could be restored to; null when there is none. */
  readonly latest: number | null;
  readonly snapshots: readonly MemberSnapshot[];
}

export interface MemberSnapshot {
  readonly identifier: string;
  readonly arn: string;
  readonly type: string;
  readonly createdAt: number;
  /** ARN of what it is a copy of. */
  readonly copyOf: string | null;
}

/** Asked of the member's own region: snapshots are nowhere else. Only those that are whole count. */
export async function memberBackups(rds: RDSClient, clusterArn: string): Promise<MemberBackups> {
  const { DBClusters: found = [] } = await rds.send(
    new sdk.rds.DescribeDBClustersCommand({ DBClusterIdentifier: clusterArn }),
  );
  const [cluster] = found;
  if (!cluster) throw new Error(`RDS knows no cluster ${clusterArn}; check the target`);
  const snapshots: MemberSnapshot[] = [];
  const identifier = clusterArn.split(":").at(-1) ?? clusterArn;
  for await (const { DBClusterSnapshots = [] } of sdk.rds.paginateDescribeDBClusterSnapshots(
    { client: rds },
    { DBClusterIdentifier: identifier },
  ))
    for (const snapshot of DBClusterSnapshots)
      if (snapshot.Status === "available")
        snapshots.push({
          identifier: snapshot.DBClusterSnapshotIdentifier ?? "unnamed",
          arn: snapshot.DBClusterSnapshotArn ?? "",
          type: snapshot.SnapshotType ?? "unknown",
          createdAt: snapshot.SnapshotCreateTime?.getTime() ?? 0,
          copyOf: snapshot.SourceDBClusterSnapshotArn ?? null,
        });
  return {
    keptDays: cluster.BackupRetentionPeriod ?? 0,
    latest: cluster.LatestRestorableTime?.getTime() ?? null,
    snapshots,
  };
}
