import type { RegionName } from "@castle/regions/catalogue.ts";
import type { CacheMember, ControlPlaneRegion, DatabaseMember, EndpointGroup } from "../cells.ts";
import type { LabIdentifiers } from "../identifiers.ts";
import type { Reading } from "./metric.ts";

/** The real processes, as they are at one moment. */
export interface Processes {
  readonly databases: readonly DatabaseMember[];
  readonly caches: readonly CacheMember[];
  readonly groups: readonly EndpointGroup[];
}

/**
 * What AWS publishes of them in one region, under its own names, units and dimensions. A process that does not answer is
 * silent here too: AWS then has no datapoint, and no zero. Each region tells of its own members only, and the accelerator
 * has its metrics in us-west-2.
 *
 * Sources: Aurora User Guide, "Amazon CloudWatch metrics for Amazon Aurora"; ElastiCache User Guide, "Metrics for Valkey
 * and Redis OSS" (whose GlobalDatastoreReplicationLag is in seconds, where Aurora's lags are in milliseconds); Global
 * Accelerator Developer Guide, "Using Amazon CloudWatch". Pure.
 */
export function readingsIn(
  region: ControlPlaneRegion,
  { databases, caches, groups }: Processes,
  identifiers: LabIdentifiers,
): readonly Reading[] {
  return [
    ...databases.filter((member) => member.region === region).flatMap((own) => ofDatabase(own, identifiers)),
    ...caches.filter((member) => member.region === region).flatMap((own) => ofCache(own, identifiers)),
    ...(region === "us-west-2" ? groups.flatMap((group) => ofEndpointGroup(group, identifiers)) : []),
  ];
}

function ofDatabase(member: DatabaseMember, identifiers: LabIdentifiers): Reading[] {
  const { clusterIdentifier, instanceIdentifier } = identifiers.cell(member.region);
  const cluster = { DBClusterIdentifier: clusterIdentifier };
  const instance = { DBInstanceIdentifier: instanceIdentifier };
  const read = (name: string, unit: Reading["unit"], value: number | null, dimensions: object): Reading[] =>
    value === null || member.reachability !== "reachable"
      ? []
      : [{ namespace: "AWS/RDS", name, unit, value, dimensions: { ...dimensions } }];
  const lag = member.role === "reader" ? member.replicationLagMs : null;
  return [
    ...read("AuroraGlobalDBReplicationLag", "Milliseconds", lag, cluster),
    // What a commit waits for until the reader has it: with PostgreSQL's replication there is no other figure.
    ...read("AuroraGlobalDBRPOLag", "Milliseconds", lag, cluster),
    ...[cluster, instance].flatMap((dimensions) => [
      ...read("DatabaseConnections", "Count", member.connections, dimensions),
      ...read("EngineUptime", "Seconds", member.uptimeSeconds, dimensions),
    ]),
  ];
}

function ofCache(member: CacheMember, identifiers: LabIdentifiers): Reading[] {
  const { replicationGroupId } = identifiers.cell(member.region);
  const read = (name: string, unit: Reading["unit"], value: number | null, dimensions: object): Reading[] =>
    value === null || member.reachability !== "reachable"
      ? []
      : [{ namespace: "AWS/ElastiCache", name, unit, value, dimensions: { ...dimensions } }];
  const lag = member.role === "secondary" ? member.replicationLagSeconds : null;
  return [
    ...read("GlobalDatastoreReplicationLag", "Seconds", lag, { ReplicationGroupId: replicationGroupId }),
    ...read("CurrConnections", "Count", member.connections, { CacheClusterId: `${replicationGroupId}-001` }),
  ];
}

/** An endpoint that was never checked counts as neither. */
function ofEndpointGroup({ region, health }: EndpointGroup, identifiers: LabIdentifiers): Reading[] {
  const dimensions = {
    Accelerator: identifiers.acceleratorArn.split("/").at(-1) ?? "",
    EndpointGroup: endpointGroupId(region, identifiers),
  };
  const count = (name: string, is: EndpointGroup["health"]): Reading => ({
    ...{ namespace: "AWS/GlobalAccelerator", name, unit: "Count", dimensions },
    value: health === is ? 1 : 0,
  });
  return [count("HealthyEndpointCount", "healthy"), count("UnhealthyEndpointCount", "unhealthy")];
}

const endpointGroupId = (region: RegionName, identifiers: LabIdentifiers): string =>
  identifiers.cell(region).endpointGroupArn.split("/").at(-1) ?? "";
