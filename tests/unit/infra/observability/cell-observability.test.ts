import { expect } from "chai";
import { CellObservability } from "../../../../infra/cell/observability/cell-observability.ts";
import { topicPolicy } from "../../../../infra/cell/observability/notices-topic.ts";
import { contextOf } from "../support/cell-context.ts";
import { keys } from "../support/parts-of-tests.ts";
import { type RecordOptions, record } from "../support/recorded.ts";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const TOPIC = "aws:sns/topic:Topic";

const observed = (stack: string, options: RecordOptions = {}) =>
  record(
    () =>
      new CellObservability("castle", {
        context: contextOf(stack),
        keys,
        database: { clusterIdentifier: "castle-production-database" },
        journal: { instanceIdentifier: "castle-production-journal" },
        cache: { identifier: "castle-production-eu-west-1" },
        ingress: {
          loadBalancerArnSuffix: "app/castle-production/1",
          targetGroupArnSuffixes: { "order-gateway": "targetgroup/order-/1" },
          certificateArn: "arn:aws:acm:eu-west-1:111122223333:certificate/1",
        },
      }),
    options,
  );

describe("what a cell tells, and whom", () => {
  it("names every alarm so that readiness finds it", async () => {
    const alarms = (await observed("prd")).ofType(ALARM);
    expect(alarms).to.have.length.greaterThan(20);
    for (const { inputs } of alarms) expect(inputs["name"]).to.match(/^castle-production-/);
  });

  it("has the same alarms in both cells, whichever is active", async () => {
    const names = async (stack: string) =>
      (await observed(stack)).ofType(ALARM).map(({ inputs }) => inputs["name"]);
    expect(await names("prd")).to.have.members(await names("dr"));
  });

  it("has a dashboard of its own in each cell, since their names are the account's and not the region's", async () => {
    const nameIn = async (stack: string) =>
      (await observed(stack)).one("aws:cloudwatch/dashboard:Dashboard").inputs["dashboardName"];
    expect(await nameIn("prd")).not.to.equal(await nameIn("dr"));
  });

  it("tells its own region's topic when an alarm goes off, and when it is over", async () => {
    const told = await observed("prd");
    for (const { inputs } of told.ofType(ALARM)) {
      expect(inputs["alarmActions"]).to.deep.equal(inputs["okActions"]);
      expect((inputs["alarmActions"] as string[])[0]).to.include("castle-notices");
    }
  });

  it("encrypts the topic with the cell's key, which alarms can use, and writes to the address of the settings", async () => {
    const told = await observed("prd");
    expect(told.one(TOPIC).inputs).to.include({ kmsMasterKeyId: keys.keyArn });
    expect(told.one("aws:sns/topicSubscription:TopicSubscription").inputs).to.include({
      protocol: "email",
      endpoint: "sre@castle.example",
    });
  });

  it("keeps what services say under the cell's key, for as long as the profile says", async () => {
    expect((await observed("prd")).one("aws:cloudwatch/logGroup:LogGroup").inputs).to.include({
      name: "/castle/castle-production/services",
      kmsKeyId: keys.keyArn,
      retentionInDays: 400,
    });
  });

  it("asks a percentile as a percentile, and a formula for one result", async () => {
    const told = await observed("prd");
    expect(told.one(ALARM, "castle-orders-slow").inputs).to.include({ extendedStatistic: "p99" });
    const queries = told.one(ALARM, "castle-answers-5xx").inputs["metricQueries"] as {
      returnData: boolean;
    }[];
    expect(queries.filter(({ returnData }) => returnData)).to.have.lengthOf(1);
    expect(queries).to.have.lengthOf(4);
  });

  it("is told in a preview with every alarm there, though no load balancer is", async () => {
    const told = await observed("dr", { preview: true });
    expect(told.ofType(ALARM)).to.have.length.greaterThan(20);
  });
});

describe("the topic's policy", () => {
  const statements = JSON.parse(
    topicPolicy("arn:aws:sns:eu-west-1:111122223333:t", "111122223333", { events: false }),
  ).Statement;

  it("lets alarms of this account alone tell it something", () => {
    const [allow, ...others] = statements.filter(({ Effect }: { Effect: string }) => Effect === "Allow");
    expect(others).to.be.empty;
    expect(allow).to.deep.include({
      Principal: { Service: ["cloudwatch.amazonaws.com"] },
      Action: ["sns:Publish"],
      Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
    });
  });

  it("lets rules about events tell it something too where an audit has some, on the same condition", () => {
    const [allow] = JSON.parse(topicPolicy("arn:topic", "111122223333", { events: true })).Statement;
    expect(allow.Principal.Service).to.include("events.amazonaws.com");
    expect(allow.Condition).to.deep.equal({ StringEquals: { "aws:SourceAccount": "111122223333" } });
  });

  it("refuses what is sent in the clear", () => {
    const [deny] = statements.filter(({ Effect }: { Effect: string }) => Effect === "Deny");
    expect(deny.Condition).to.deep.equal({ Bool: { "aws:SecureTransport": "false" } });
  });
});
