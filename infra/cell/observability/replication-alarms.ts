import type { Alarm } from "./alarm.ts";
import { logMetrics, logNamespace } from "./service-logs.ts";
import { cacheNodes, type Subjects } from "./subjects.ts";

/**
 * How far this cell's members are behind the peer's. AWS publishes it where the member is that is behind, and with
 * dimensions that it documents nowhere: so they are asked for by query, whichever these are. A writer has no such
 * metric, and no datapoint is no alarm; whether a standby that says nothing follows at all, readiness asks it itself.
 */
export function followingAlarms(subjects: Subjects): Alarm[] {
  if (!subjects.paired) return [];
  const nodes = cacheNodes(subjects).map((node) => `CacheClusterId = '${node}'`);
  const { replicationGroupId } = subjects.cache;
  return [
    {
      name: "database-behind",
      why: "The member of the global database in this cell is ten seconds behind, or more: a failover would replay as much from the journal.",
      mend: "aurora_global_db_status() in the active cell; AWS's health dashboard for the path between the regions.",
      look: {
        kind: "query",
        sql: `SELECT MAX(AuroraGlobalDBReplicationLag) FROM "AWS/RDS" WHERE DBClusterIdentifier = '${subjects.clusterIdentifier}'`,
      },
      // In milliseconds.
      ...{ comparison: "GreaterThanThreshold", threshold: 10_000, periodSeconds: 60, breaching: [3, 5] },
      missing: "notBreaching",
    },
    {
      name: "cache-behind",
      why: "The member of the global datastore in this cell has heard nothing for ten seconds, or more: after a failover more of what is projected is announced anew.",
      mend: "aws elasticache describe-global-replication-groups: is the datastore available? Nothing in it is lost for good.",
      look: {
        kind: "query",
        sql: `SELECT MAX(GlobalDatastoreReplicationLag) FROM "AWS/ElastiCache" WHERE ReplicationGroupId = '${replicationGroupId}' OR ${nodes.join(" OR ")}`,
      },
      // In seconds, unlike Aurora's.
      ...{ comparison: "GreaterThanThreshold", threshold: 10, periodSeconds: 60, breaching: [3, 5] },
      missing: "notBreaching",
    },
  ];
}

/** What only the services know. The standby's say nothing of it, and are right. */
export function servicesAlarms({ prefix, paired }: Subjects): Alarm[] {
  const counted = (metric: string, statistic: string) => ({
    kind: "metric" as const,
    of: { namespace: logNamespace(prefix), metric, statistic, dimensions: {} },
  });
  const errors: Alarm = {
    name: "service-errors",
    why: "Services met what they did not expect: a batch that could not be stored, a role that could not be followed.",
    mend: "Read the lines of level 50 and above in the services' log group.",
    look: counted(logMetrics.errors, "Sum"),
    ...{ comparison: "GreaterThanThreshold", threshold: 10, periodSeconds: 300, breaching: [1, 1] },
    missing: "notBreaching",
  };
  if (!paired) return [errors];
  return [
    {
      name: "mode-solo",
      why: "Commands that are acknowledged now are durable in this region alone: its loss would lose them.",
      mend: "Bring the peer back: its journal and the link to it first (castle readiness tells which). The cells pair by themselves, and castle status shows it.",
      look: counted(logMetrics.solo, "Maximum"),
      ...{ comparison: "GreaterThanOrEqualToThreshold", threshold: 1, periodSeconds: 60, breaching: [1, 1] },
      // Told when it changes: until then what was told last holds.
      missing: "ignore",
    },
    {
      name: "journal-fails",
      why: "The peer's journal fails the matching engine again and again, or is out of reach: nothing is acknowledged without it, and after five seconds the cell goes solo.",
      mend: "Look at the journal in the peer (journal-cpu, journal-storage), at the peering connection and its routes.",
      look: counted(logMetrics.journalFailed, "Sum"),
      ...{ comparison: "GreaterThanThreshold", threshold: 0, periodSeconds: 60, breaching: [2, 5] },
      missing: "notBreaching",
    },
    errors,
  ];
}
