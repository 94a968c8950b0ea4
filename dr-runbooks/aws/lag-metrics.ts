import type { CloudWatchClient, Metric } from "@aws-sdk/client-cloudwatch";
import { sdk } from "./sdk.ts";

/** The newest datapoint of a metric. */
export interface Told {
  readonly value: number;
  /** Since the end of its minute, at least 0: what CloudWatch tells of a minute comes a moment later. */
  readonly secondsAgo: number;
}

/** How far a cell's members are behind, as CloudWatch tells it; null for what it has not told lately. */
export interface LagMetrics {
  /** AuroraGlobalDBReplicationLag. Its value is in milliseconds. */
  readonly database: Told | null;
  /** GlobalDatastoreReplicationLag. Its value is in seconds. */
  readonly cache: Told | null;
}

const MINUTE_MS = 60_000;
/** Older than that it tells nothing of now. */
const LATELY_MS = 15 * MINUTE_MS;

/**
 * Asked of the region whose members are behind: both metrics are published where the reader is. AWS documents their names
 * and units and not which dimensions they come with, so that they are looked up by the member's name.
 * @param at milliseconds since 1970
 */
export async function lagMetrics(
  client: CloudWatchClient,
  cell: { readonly clusterArn: string; readonly replicationGroupId: string },
  at: number,
): Promise<LagMetrics> {
  const cluster = cell.clusterArn.split(":").at(-1) ?? cell.clusterArn;
  const [database, cache] = await Promise.all([
    newest(client, { Namespace: "AWS/RDS", MetricName: "AuroraGlobalDBReplicationLag" }, cluster, at),
    newest(
      client,
      { Namespace: "AWS/ElastiCache", MetricName: "GlobalDatastoreReplicationLag" },
      cell.replicationGroupId,
      at,
    ),
  ]);
  return { database, cache };
}

/** Of several metrics of the member (one for each of its nodes), the worst. */
async function newest(
  client: CloudWatchClient,
  name: { readonly Namespace: string; readonly MetricName: string },
  member: string,
  at: number,
): Promise<Told | null> {
  const metrics: Metric[] = [];
  for await (const { Metrics = [] } of sdk.cloudWatch.paginateListMetrics(
    { client },
    { ...name, RecentlyActive: "PT3H" },
  ))
    metrics.push(...Metrics.filter((metric) => isOf(metric, member)));
  if (metrics.length === 0) return null;

  const found: { readonly time: number; readonly value: number }[] = [];
  const pages = sdk.cloudWatch.paginateGetMetricData(
    { client },
    {
      StartTime: new Date(at - LATELY_MS),
      EndTime: new Date(at + MINUTE_MS),
      MetricDataQueries: metrics.map((Metric, index) => ({
        Id: `lag${index}`,
        MetricStat: { Metric, Period: MINUTE_MS / 1_000, Stat: "Maximum" },
      })),
    },
  );
  for await (const { MetricDataResults = [] } of pages)
    for (const { Timestamps = [], Values = [] } of MetricDataResults)
      found.push(...Timestamps.map((time, index) => ({ time: time.getTime(), value: Values[index] ?? 0 })));
  const last = Math.max(...found.map(({ time }) => time));
  if (found.length === 0) return null;
  return {
    value: Math.max(...found.filter(({ time }) => time === last).map(({ value }) => value)),
    secondsAgo: Math.max(0, (at - last - MINUTE_MS) / 1_000),
  };
}

/** A node of a replication group goes by the group's name and a number of its own. */
const isOf = ({ Dimensions = [] }: Metric, member: string): boolean =>
  Dimensions.some(({ Value = "" }) => Value === member || Value.startsWith(`${member}-0`));
