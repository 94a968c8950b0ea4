import type { RDSClient } from "@aws-sdk/client-rds";
import { sdk } from "./sdk.ts";

/** A member of the global database, as RDS in its own region has it. */
export interface DatabaseMember {
  readonly status: string;
  readonly engineVersion: string;
}

export async function databaseMember(rds: RDSClient, clusterArn: string): Promise<DatabaseMember> {
  const { DBClusters: found = [] } = await rds.send(
    new sdk.rds.DescribeDBClustersCommand({ DBClusterIdentifier: clusterArn }),
  );
  const [cluster] = found;
  if (!cluster) throw new Error(`RDS knows no cluster ${clusterArn}; check the target`);
  return { status: cluster.Status ?? "unknown", engineVersion: cluster.EngineVersion ?? "unknown" };
}
