import type { Alarm, Watched } from "./alarm.ts";
import { cacheNodes, type Subjects } from "./subjects.ts";

const GIB = 2 ** 30;
/** PostgreSQL stops taking writes at about two thousand million; autovacuum should have begun at a tenth of that. */
const MANY_TRANSACTION_IDS = 1_000_000_000;

const busy = (store: string, of: Watched, mend: string): Alarm => ({
  name: `${store}-cpu`,
  why: `The ${store} has had no time left for a quarter of an hour, or tells nothing: the next burst waits, and so does a takeover's.`,
  mend,
  look: { kind: "metric", of },
  ...{ comparison: "GreaterThanThreshold", threshold: 80, periodSeconds: 300, breaching: [3, 3] },
  // In either role it is told every minute.
  missing: "breaching",
});

const wraparound = (store: string, of: Watched): Alarm => ({
  name: `${store}-transaction-ids`,
  why: `Half of the ${store}'s transaction ids are used up: at the end of them PostgreSQL takes no writes.`,
  mend: "Find the oldest transaction (pg_stat_activity, backend_xmin) and end it, then vacuum the tables that are oldest by age(relfrozenxid).",
  look: { kind: "metric", of },
  ...{
    comparison: "GreaterThanThreshold",
    threshold: MANY_TRANSACTION_IDS,
    periodSeconds: 300,
    breaching: [1, 1],
  },
  missing: "notBreaching",
});

/** Of the cell's database, in the role that it has. */
export function databaseAlarms({ clusterIdentifier }: Subjects): Alarm[] {
  const of = (metric: string, statistic: string): Watched => ({
    ...{ namespace: "AWS/RDS", metric, statistic },
    dimensions: { DBClusterIdentifier: clusterIdentifier },
  });
  return [
    busy(
      "database",
      of("CPUUtilization", "Maximum"),
      "Performance Insights tells the statement. Load that has grown: a larger class in infra/settings/profiles.ts, in both cells.",
    ),
    {
      name: "database-commits-slow",
      why: "A commit takes longer than 20 ms, and every acknowledgement waits for one.",
      mend: "Performance Insights, wait IO:XactSync; AWS's health dashboard for Aurora storage. In this region alone: castle switchover.",
      look: { kind: "metric", of: of("CommitLatency", "Average") },
      ...{ comparison: "GreaterThanThreshold", threshold: 20, periodSeconds: 60, breaching: [5, 5] },
      // A reader commits nothing.
      missing: "notBreaching",
    },
    {
      name: "database-memory",
      why: "Less than a gigabyte is left to the database's host: it swaps, and may be restarted.",
      mend: "Count connections by application_name; a service that leaks them is restarted. Otherwise a larger class, in both cells.",
      look: { kind: "metric", of: of("FreeableMemory", "Minimum") },
      ...{ comparison: "LessThanThreshold", threshold: GIB, periodSeconds: 300, breaching: [2, 2] },
      missing: "notBreaching",
    },
    wraparound("database", of("MaximumUsedTransactionIDs", "Maximum")),
  ];
}

/** Of the journal, which holds the peer's commands whatever role this cell has. */
export function journalAlarms({ journal }: Subjects): Alarm[] {
  const of = (metric: string, statistic: string): Watched => ({
    ...{ namespace: "AWS/RDS", metric, statistic },
    dimensions: { DBInstanceIdentifier: journal.identifier },
  });
  return [
    busy(
      "journal",
      of("CPUUtilization", "Maximum"),
      "Performance Insights tells the statement; pruning that never ends has a standby database that does not follow: castle readiness.",
    ),
    {
      name: "journal-slow",
      why: "A write to the journal's disk takes longer than 10 ms: the peer's acknowledgements wait for it, and without answers it goes solo.",
      mend: "Look at journal-cpu and the disk's queue; more throughput in infra/cell/database/journal-database.ts.",
      look: { kind: "metric", of: of("WriteLatency", "Average") },
      ...{ comparison: "GreaterThanThreshold", threshold: 0.01, periodSeconds: 60, breaching: [5, 5] },
      missing: "notBreaching",
    },
    {
      name: "journal-storage",
      why: "The journal is filling faster than its disk grows: full, it refuses the peer's commands. It is pruned only of what the database beside it holds.",
      mend: "castle readiness: does the standby database follow, and vouch? Until it does, raise maxAllocatedStorage.",
      look: { kind: "metric", of: of("FreeStorageSpace", "Minimum") },
      ...{
        comparison: "LessThanThreshold",
        threshold: Math.round(0.15 * journal.storageGiB * GIB),
        periodSeconds: 300,
        breaching: [2, 2],
      },
      // A journal that tells nothing of its disk tells nothing at all.
      missing: "breaching",
    },
    wraparound("journal", of("MaximumUsedTransactionIDs", "Maximum")),
  ];
}

/** Of the cache, node by node: CloudWatch has no figure for the whole. */
export const cacheAlarms = (subjects: Subjects): Alarm[] =>
  cacheNodes(subjects).flatMap((node, index) => {
    const of = (metric: string): Watched => ({
      ...{ namespace: "AWS/ElastiCache", metric, statistic: "Maximum" },
      dimensions: { CacheClusterId: node },
    });
    return [
      busy(
        `cache-${index + 1}`,
        of("EngineCPUUtilization"),
        "The slow log in CloudWatch Logs tells the command. Redis has one core for commands: a faster node type, in infra/settings/profiles.ts.",
      ),
      {
        name: `cache-${index + 1}-memory`,
        why: "The cache is three quarters full. It drops nothing (noeviction): full, it refuses jobs, and candles and the like stand still. No order waits for it.",
        mend: "Jobs that pile up are those of a worker that does not run: see jobs-pile-up. Otherwise a larger node type.",
        look: { kind: "metric", of: of("DatabaseMemoryUsagePercentage") },
        ...{ comparison: "GreaterThanThreshold", threshold: 75, periodSeconds: 300, breaching: [2, 2] },
        missing: "notBreaching",
      },
      {
        name: `jobs-pile-up-${index + 1}`,
        why: "The cache holds many more keys than jobs at work: what comes after a trade (candles) does not keep up, or does not run.",
        mend: "The logs of market-data, whose worker takes the jobs. Nothing is lost: what they announce stands in PostgreSQL, and a worker that is restarted goes on from there.",
        look: { kind: "metric", of: of("CurrItems") },
        ...{ comparison: "GreaterThanThreshold", threshold: 50_000, periodSeconds: 60, breaching: [3, 5] },
        missing: "notBreaching",
      },
    ];
  });
