import type { RegionName } from "@castle/regions/catalogue.ts";
import { logMetrics, logNamespace } from "./service-logs.ts";
import { cacheNodes, type Subjects, targetGroupOf } from "./subjects.ts";

/** One line of a graph: namespace, metric, its dimensions by name and value in turn, and how to show it. */
type Line = readonly (string | Readonly<Record<string, unknown>>)[];

interface Graph {
  readonly title: string;
  readonly lines: readonly Line[];
}

const WIDTH = 8;
const HEIGHT = 6;
const COLUMNS = 24;

/** The cell at a glance: what traders meet first, then what it rests on, and last how it follows. Pure. */
export function dashboardBody(subjects: Subjects<string>): string {
  const graphs = graphsOf(subjects);
  return JSON.stringify({
    widgets: graphs.map((graph, index) => ({
      type: "metric",
      x: (index * WIDTH) % COLUMNS,
      y: Math.floor((index * WIDTH) / COLUMNS) * HEIGHT,
      width: WIDTH,
      height: HEIGHT,
      properties: properties(graph, subjects.region),
    })),
  });
}

const properties = ({ title, lines }: Graph, region: RegionName) => ({
  ...{ title, region, metrics: lines, view: "timeSeries", period: 60 },
  yAxis: { left: { min: 0 } },
});

function graphsOf(subjects: Subjects<string>): Graph[] {
  const { loadBalancer, clusterIdentifier, journal } = subjects;
  const elb = (metric: string, stat: string): Line => [
    ...["AWS/ApplicationELB", metric, "LoadBalancer", loadBalancer],
    { stat },
  ];
  const gateway = (metric: string, stat: string): Line => [
    ...["AWS/ApplicationELB", metric, "TargetGroup", targetGroupOf(subjects, "order-gateway")],
    ...["LoadBalancer", loadBalancer],
    { stat, label: `${metric} ${stat}` },
  ];
  const cluster = (metric: string, stat: string): Line => [
    ...["AWS/RDS", metric, "DBClusterIdentifier", clusterIdentifier],
    { stat },
  ];
  const ofJournal = (metric: string, stat: string): Line => [
    ...["AWS/RDS", metric, "DBInstanceIdentifier", journal.identifier],
    { stat },
  ];
  const nodes = (metric: string): Line[] =>
    cacheNodes(subjects).map((node) => [
      "AWS/ElastiCache",
      metric,
      "CacheClusterId",
      node,
      { stat: "Maximum" },
    ]);
  const told = (metric: string, stat: string): Line => [logNamespace(subjects.prefix), metric, { stat }];
  return [
    { title: "Requests a minute", lines: [elb("RequestCount", "Sum")] },
    {
      title: "Errors",
      lines: [elb("HTTPCode_Target_5XX_Count", "Sum"), elb("HTTPCode_ELB_5XX_Count", "Sum")],
    },
    {
      title: "Time to answer an order, in seconds",
      lines: ["p50", "p99", "p99.9"].map((stat) => gateway("TargetResponseTime", stat)),
    },
    {
      title: "Gateways that say they are active: none in a standby",
      lines: [gateway("HealthyHostCount", "Maximum")],
    },
    {
      title: "Mode and errors, as services tell them",
      lines: [
        told(logMetrics.solo, "Maximum"),
        told(logMetrics.journalFailed, "Sum"),
        told(logMetrics.errors, "Sum"),
      ],
    },
    {
      title: "Behind the peer: database in ms, cache in s; nothing where the writer is",
      lines: subjects.paired
        ? [
            [
              {
                expression: `SELECT MAX(AuroraGlobalDBReplicationLag) FROM "AWS/RDS" WHERE DBClusterIdentifier = '${clusterIdentifier}'`,
                label: "database, ms",
              },
            ],
            ...nodes("GlobalDatastoreReplicationLag"),
          ]
        : [],
    },
    { title: "Database: CPU", lines: [cluster("CPUUtilization", "Maximum")] },
    { title: "Database: time of a commit, in ms", lines: [cluster("CommitLatency", "Average")] },
    { title: "Database: connections", lines: [cluster("DatabaseConnections", "Maximum")] },
    { title: "Journal: CPU", lines: [ofJournal("CPUUtilization", "Maximum")] },
    { title: "Journal: time of a write, in seconds", lines: [ofJournal("WriteLatency", "Average")] },
    { title: "Journal: free storage", lines: [ofJournal("FreeStorageSpace", "Minimum")] },
    { title: "Cache: CPU", lines: nodes("EngineCPUUtilization") },
    { title: "Cache: memory in use, in percent", lines: nodes("DatabaseMemoryUsagePercentage") },
    { title: "Cache: keys, most of them jobs", lines: nodes("CurrItems") },
  ].filter(({ lines }) => lines.length > 0);
}
