import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { ControlPlaneUnderTest, faultOf, signedFor } from "./control-plane-under-test.ts";

const lag = {
  Namespace: "AWS/RDS",
  MetricName: "AuroraGlobalDBReplicationLag",
  Dimensions: [{ Name: "DBClusterIdentifier", Value: `castle-${peerRegion}` }],
};
const span = () => ({ StartTime: new Date(Date.now() - 600_000), EndTime: new Date(Date.now() + 60_000) });

describe("the lab's CloudWatch", () => {
  let aws: ControlPlaneUnderTest;
  before(async () => {
    aws = await new ControlPlaneUnderTest().start();
  });
  after(() => aws.stop());

  const query = (Id: string, more: object = {}) => ({
    ...{ Id, MetricStat: { Metric: lag, Period: 60, Stat: "Average" } },
    ...more,
  });
  const data = (region: string, ...queries: ReturnType<typeof query>[]) =>
    aws.cloudWatch(region).send(new GetMetricDataCommand({ MetricDataQueries: queries, ...span() }));

  it("tells what the processes are like now", async () => {
    const { MetricDataResults: [result] = [] } = await data(peerRegion, query("lag"));
    expect(result).to.include({ Id: "lag", Label: lag.MetricName, StatusCode: "Complete" });
    expect(result?.Values).to.deep.equal([12]);
    expect(result?.Timestamps?.[0]?.getTime()).to.satisfy((at: number) => at % 60_000 === 0);
  });

  it("keeps regions apart", async () => {
    const { MetricDataResults: [result] = [] } = await data(homeRegion, query("lag"));
    expect(result).to.deep.include({ Values: [], Timestamps: [] });
    const { Metrics = [] } = await aws.cloudWatch("us-west-2").send(new ListMetricsCommand({}));
    expect(new Set(Metrics.map(({ Namespace }) => Namespace))).to.deep.equal(
      new Set(["AWS/GlobalAccelerator"]),
    );
  });

  it("gives statistics with their unit, and lists what it has by name and dimension", async () => {
    const cloudWatch = aws.cloudWatch(peerRegion);
    const told = await cloudWatch.send(
      new GetMetricStatisticsCommand({ ...lag, ...span(), Period: 60, Statistics: ["Maximum", "Minimum"] }),
    );
    expect(told.Datapoints?.[0]).to.include({ Maximum: 12, Minimum: 12, Unit: "Milliseconds" });
    const { Metrics = [] } = await cloudWatch.send(
      new ListMetricsCommand({ Dimensions: [{ Name: "DBInstanceIdentifier" }] }),
    );
    expect(Metrics.map(({ MetricName }) => MetricName)).to.have.members([
      "DatabaseConnections",
      "EngineUptime",
    ]);
  });

  it("puts an alarm, judges it by the metric, and deletes it", async () => {
    const cloudWatch = aws.cloudWatch(peerRegion);
    const AlarmName = "late";
    await cloudWatch.send(
      new PutMetricAlarmCommand({
        ...{ ...lag, AlarmName, Statistic: "Average", Period: 60, EvaluationPeriods: 1, Threshold: 5 },
        ComparisonOperator: "GreaterThanThreshold",
      }),
    );
    const alarms = async () =>
      (await cloudWatch.send(new DescribeAlarmsCommand({ StateValue: "ALARM" }))).MetricAlarms ?? [];
    const [alarm, ...others] = await alarms();
    expect(others).to.deep.equal([]);
    expect(alarm).to.include({ AlarmName, StateValue: "ALARM", Threshold: 5 });
    expect(alarm?.StateReason).to.match(/^Threshold Crossed: 1 datapoint\(s\) \[12\]/);
    await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] }));
    expect(await alarms()).to.deep.equal([]);
    expect(await faultOf(cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] })))).to.include({
      ...{ name: "ResourceNotFound", status: 404 },
    });
  });

  it("refuses what CloudWatch refuses, and what the lab has not", async () => {
    const cloudWatch = aws.cloudWatch(peerRegion);
    const now = new Date();
    for (const [told, wanted] of [
      [data(peerRegion, query("lag"), query("lag")), /not unique: lag/],
      [data(peerRegion, query("Lag")), /not matching the expected pattern/],
      [data(peerRegion, query("lag", { Expression: "1" })), /MetricStat queries/],
      [
        cloudWatch.send(
          new GetMetricDataCommand({ MetricDataQueries: [query("a")], StartTime: now, EndTime: now }),
        ),
        /StartTime must be less/,
      ],
      [
        cloudWatch.send(
          new GetMetricStatisticsCommand({ ...lag, ...span(), Period: 61, Statistics: ["Sum"] }),
        ),
        /Period must be/,
      ],
      [cloudWatch.send(new ListMetricsCommand({ NextToken: "x" })), /nextToken is invalid/],
    ] as const)
      expect((await faultOf(told)).message).to.match(wanted);
  });

  it("speaks Query with older clients, refusals included", async () => {
    const ask = async (form: Record<string, string>) => {
      const answer = await aws.request(
        new URLSearchParams({ Version: "2010-08-01", ...form }).toString(),
        signedFor(peerRegion, "monitoring"),
      );
      return { status: answer.status, text: await answer.text() };
    };
    const listed = await ask({ Action: "ListMetrics", MetricName: lag.MetricName });
    expect(listed.text).to.match(
      /^<ListMetricsResponse xmlns="http:\/\/monitoring\.amazonaws\.com\/doc\/2010-08-01\/"><ListMetricsResult><Metrics><member>/,
    );
    const deleted = await ask({ Action: "DeleteAlarms", "AlarmNames.member.1": "none" });
    expect(deleted.status).to.equal(404);
    expect(deleted.text).to.include("<Code>ResourceNotFound</Code>");
    const put = await ask({
      ...{ Action: "PutMetricAlarm", AlarmName: "a", MetricName: "m", Namespace: "n", Statistic: "Sum" },
      ...{ Period: "60", EvaluationPeriods: "1", Threshold: "1", ComparisonOperator: "LessThanThreshold" },
    });
    expect(put.text).to.match(/<PutMetricAlarmResponse xmlns="[^"]+"><ResponseMetadata>/);
  });
});
