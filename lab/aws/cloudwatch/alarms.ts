import type { MetricAlarm, PutMetricAlarmInput } from "@aws-sdk/client-cloudwatch";
import { cellRegions } from "@castle/regions/catalogue.ts";
import type { ControlPlaneRegion } from "../cells.ts";
import type { LabIdentifiers } from "../identifiers.ts";
import { type Alarm, alarmOf, describeAlarm, judgeAlarm } from "./alarm.ts";
import type { MetricHistory } from "./history.ts";

/** The alarms of every region; a cell is born with those on what it needs of the other. They are judged when asked for. */
export class Alarms {
  readonly #metrics: MetricHistory;
  readonly #identifiers: LabIdentifiers;
  readonly #alarms = new Map<ControlPlaneRegion, Map<string, Alarm>>();

  constructor(metrics: MetricHistory, identifiers: LabIdentifiers) {
    this.#metrics = metrics;
    this.#identifiers = identifiers;
    for (const region of cellRegions)
      for (const alarm of bornWith(identifiers.cell(region))) this.put(region, alarm);
  }

  /** Makes it, or replaces the one of its name. @throws AwsFault for one that cannot be judged */
  put(region: ControlPlaneRegion, input: PutMetricAlarmInput): void {
    const alarm = alarmOf(input, new Date());
    this.#in(region).set(alarm.name, alarm);
  }

  has(region: ControlPlaneRegion, name: string): boolean {
    return this.#in(region).has(name);
  }

  delete(region: ControlPlaneRegion, name: string): void {
    this.#in(region).delete(name);
  }

  /** Each with the state that its metric gives it now. */
  async judgedIn(region: ControlPlaneRegion): Promise<readonly MetricAlarm[]> {
    const alarms = [...this.#in(region).values()];
    return Promise.all(
      alarms.map(async (alarm) => {
        const now = Date.now();
        const series = await this.#metrics.find(region, alarm.metric);
        const { state, reason } = judgeAlarm(alarm, series?.samples ?? [], now);
        if (state !== alarm.state) Object.assign(alarm, { state, since: new Date(now) });
        alarm.reason = reason;
        return describeAlarm(alarm, this.#identifiers.alarmArn(region, alarm.name));
      }),
    );
  }

  #in(region: ControlPlaneRegion): Map<string, Alarm> {
    const known = this.#alarms.get(region) ?? new Map<string, Alarm>();
    this.#alarms.set(region, known);
    return known;
  }
}

/** No datapoint is no alarm: a member publishes its lag only while it follows. */
function bornWith(cell: ReturnType<LabIdentifiers["cell"]>): readonly PutMetricAlarmInput[] {
  const behind = {
    Statistic: "Minimum",
    Period: 60,
    EvaluationPeriods: 1,
    TreatMissingData: "notBreaching",
    ComparisonOperator: "GreaterThanThreshold",
  } as const;
  return [
    {
      ...behind,
      AlarmName: "castle-database-behind",
      AlarmDescription: "The member of the global database is ten seconds behind, or more.",
      ...{ Namespace: "AWS/RDS", MetricName: "AuroraGlobalDBReplicationLag", Threshold: 10_000 },
      Dimensions: [{ Name: "DBClusterIdentifier", Value: cell.clusterIdentifier }],
    },
    {
      ...behind,
      AlarmName: "castle-cache-behind",
      AlarmDescription: "The member of the global datastore has heard nothing for ten seconds, or more.",
      ...{ Namespace: "AWS/ElastiCache", MetricName: "GlobalDatastoreReplicationLag", Threshold: 10 },
      Dimensions: [{ Name: "ReplicationGroupId", Value: cell.replicationGroupId }],
    },
  ];
}
