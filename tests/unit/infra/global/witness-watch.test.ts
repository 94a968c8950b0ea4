import * as aws from "@pulumi/aws";
import { expect } from "chai";
import { WitnessTable } from "../../../../infra/global/witness-table.ts";
import { witnessAlarms } from "../../../../infra/global/witness-watch.ts";
import { contextOf } from "../support/cell-context.ts";
import { type Recording, record } from "../support/recorded.ts";

describe("what is told about the witness", () => {
  let recording: Recording;
  before(async () => {
    recording = await record(() => {
      const witness = new aws.Provider("witness", { region: "eu-west-3" });
      new WitnessTable("witness", { context: contextOf("prd"), witness });
    });
  });

  it("is an alarm when it turns a request away, and when it fails one, once each", () => {
    const alarms = recording.ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
    expect(alarms.map(({ inputs }) => inputs["name"])).to.deep.equal([
      "castle-production-witness-throttled",
      "castle-production-witness-errors",
    ]);
    for (const { inputs } of alarms)
      expect(inputs).to.deep.include({
        ...{ threshold: 0, comparisonOperator: "GreaterThanThreshold", datapointsToAlarm: 1 },
        treatMissingData: "notBreaching",
      });
  });

  it("looks at this table's own metrics, and at errors of the two requests that the witness is asked", () => {
    const watched = witnessAlarms("a-table").flatMap(({ look }) =>
      look.kind === "formula" ? Object.values(look.of) : [],
    );
    expect(watched.map(({ metric, dimensions }) => [metric, dimensions])).to.deep.equal([
      ["ReadThrottleEvents", { TableName: "a-table" }],
      ["WriteThrottleEvents", { TableName: "a-table" }],
      ["SystemErrors", { TableName: "a-table", Operation: "GetItem" }],
      ["SystemErrors", { TableName: "a-table", Operation: "PutItem" }],
    ]);
    expect(
      recording.one("aws:dynamodb/table:Table").inputs["name"],
      "the table that the alarms are made for",
    ).to.equal("castle-production-witness");
    expect(JSON.stringify(recording.ofType("aws:cloudwatch/metricAlarm:MetricAlarm"))).to.include(
      '"TableName":"castle-production-witness"',
    );
  });

  it("reaches people from the witness's own region, over a key that alarms of this account may use", () => {
    const topic = recording.one("aws:sns/topic:Topic");
    const key = recording.one("aws:kms/key:Key");
    const alarmsUse = JSON.parse(key.inputs["policy"] as string).Statement.find(
      ({ Sid }: { Sid: string }) => Sid === "AlarmsUse",
    );
    expect(alarmsUse).to.deep.include({
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
    });
    expect(topic.inputs["kmsMasterKeyId"]).to.include(key.name);
    expect(recording.one("aws:sns/topicSubscription:TopicSubscription").inputs["endpoint"]).to.equal(
      "sre@castle.example",
    );
    for (const type of [
      "sns/topic:Topic",
      "cloudwatch/metricAlarm:MetricAlarm",
      "sns/topicPolicy:TopicPolicy",
    ])
      for (const { provider } of recording.ofType(`aws:${type}`)) expect(provider).to.include("::witness::");
    for (const { inputs } of recording.ofType("aws:cloudwatch/metricAlarm:MetricAlarm"))
      expect(JSON.stringify(inputs["alarmActions"])).to.include("watch-notices");
  });
});
