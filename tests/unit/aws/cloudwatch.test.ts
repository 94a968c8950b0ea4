import { judgeAlarm } from "@castle/lab/aws/cloudwatch/alarm.ts";
import { MetricHistory } from "@castle/lab/aws/cloudwatch/history.ts";
import { metricNamed, type Reading } from "@castle/lab/aws/cloudwatch/metric.ts";
import { pageOfResults } from "@castle/lab/aws/cloudwatch/metric-data.ts";
import { readingsIn } from "@castle/lab/aws/cloudwatch/readings.ts";
import { datapoints } from "@castle/lab/aws/cloudwatch/statistics.ts";
import { labIdentifiers } from "@castle/lab/aws/identifiers.ts";
import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { InMemoryCells } from "../../integration/aws/in-memory-cells.ts";

const identifiers = labIdentifiers();
const minute = 60_000;

describe("the readings of a region", () => {
  const cells = new InMemoryCells();
  const told = (region: Parameters<typeof readingsIn>[0]) =>
    readingsIn(
      region,
      { databases: cells.databases, caches: cells.caches, groups: cells.groups },
      identifiers,
    );
  const names = (readings: readonly Reading[]) => readings.map(({ name }) => name);

  it("are those of its own members, with the lags of the standby's in the units of their services", () => {
    expect(told(peerRegion).find(({ name }) => name === "AuroraGlobalDBReplicationLag")).to.deep.equal({
      ...{ namespace: "AWS/RDS", name: "AuroraGlobalDBReplicationLag", unit: "Milliseconds", value: 12 },
      dimensions: { DBClusterIdentifier: `castle-${peerRegion}` },
    });
    expect(told(peerRegion).find(({ name }) => name === "GlobalDatastoreReplicationLag")).to.include({
      ...{ namespace: "AWS/ElastiCache", unit: "Seconds", value: 1 },
    });
    expect(names(told(homeRegion))).not.to.include("AuroraGlobalDBReplicationLag");
    expect(names(told(homeRegion))).to.include.members([
      "DatabaseConnections",
      "EngineUptime",
      "CurrConnections",
    ]);
  });

  it("of the accelerator are in us-west-2 alone", () => {
    expect(told("us-west-2").map(({ name, value }) => [name, value])).to.deep.equal([
      ["HealthyEndpointCount", 1],
      ["UnhealthyEndpointCount", 0],
      ["HealthyEndpointCount", 0],
      ["UnhealthyEndpointCount", 1],
    ]);
  });

  it("of a process that does not answer are none, and no zeros", () => {
    const lost = new InMemoryCells();
    lost.lose(peerRegion);
    const { databases, caches } = lost;
    expect(readingsIn(peerRegion, { databases, caches, groups: [] }, identifiers)).to.deep.equal([]);
  });
});

describe("datapoints", () => {
  const samples = [
    { at: 10 * minute + 1, value: 2 },
    { at: 10 * minute + 59_000, value: 6 },
    { at: 12 * minute, value: 1 },
  ];

  it("gather a period's samples, stand at its beginning, and skip a period without any", () => {
    expect(datapoints(samples, { from: 0, to: 13 * minute, periodMs: minute })).to.deep.equal([
      { at: 10 * minute, Sum: 8, SampleCount: 2, Average: 4, Minimum: 2, Maximum: 6 },
      { at: 12 * minute, Sum: 1, SampleCount: 1, Average: 1, Minimum: 1, Maximum: 1 },
    ]);
  });

  it("end before the end of the span", () => {
    const told = datapoints(samples, { from: 10 * minute, to: 12 * minute, periodMs: minute });
    expect(told.map(({ at }) => at)).to.deep.equal([10 * minute]);
  });

  it("come page by page, each once, and the last page says that it is the last", () => {
    const wanted = { label: "m", metric: metricNamed("n", "m"), statistic: "Sum", periodMs: minute } as const;
    const found = [
      { wanted: { ...wanted, id: "a" }, samples },
      { wanted: { ...wanted, id: "none" }, samples: [] },
      { wanted: { ...wanted, id: "b" }, samples },
    ];
    const span = { from: 0, to: 20 * minute };
    const seen: [string | undefined, number | undefined][] = [];
    const ids: (string | undefined)[] = [];
    let token: string | undefined;
    do {
      const page = pageOfResults(found, span, { most: 1, token, newestFirst: false });
      for (const { Id, Values = [] } of page.MetricDataResults) {
        ids.push(Id);
        seen.push(...Values.map((value): [string | undefined, number] => [Id, value]));
      }
      token = page.NextToken;
    } while (token !== undefined);
    expect(seen).to.deep.equal([
      ["a", 8],
      ["a", 1],
      ["b", 8],
      ["b", 1],
    ]);
    expect(ids.filter((id) => id === "none")).to.have.length(1);
  });
});

describe("MetricHistory", () => {
  const reading: Reading = {
    namespace: "n",
    name: "m",
    dimensions: { a: "1", b: "2" },
    unit: "Count",
    value: 1,
  };
  let now = 0;
  let reads = 0;
  const history = () => {
    now = 1_000_000;
    reads = 0;
    return new MetricHistory(
      async () => [{ ...reading, value: ++reads }],
      () => now,
    );
  };
  const samplesOf = async (metrics: MetricHistory) =>
    (
      await metrics.find(
        homeRegion,
        metricNamed("n", "m", [
          { Name: "b", Value: "2" },
          { Name: "a", Value: "1" },
        ]),
      )
    )?.samples.map(({ value }) => value);

  it("reads the processes when asked, once for all who ask at that moment", async () => {
    const metrics = history();
    await Promise.all([samplesOf(metrics), samplesOf(metrics)]);
    expect(reads).to.equal(1);
    now += 1_000;
    expect(await samplesOf(metrics)).to.deep.equal([1, 2]);
  });

  it("forgets what is older than three hours", async () => {
    const metrics = history();
    await samplesOf(metrics);
    now += 3 * 3_600_000 + 1;
    expect(await samplesOf(metrics)).to.deep.equal([2]);
  });

  it("has nothing of a metric that is silenced, in that region alone, until it is published again", async () => {
    const metrics = history();
    metrics.silence("m", homeRegion);
    expect(await samplesOf(metrics)).to.equal(undefined);
    expect(await metrics.seriesIn(peerRegion)).to.have.length(1);
    metrics.resume("m", homeRegion);
    expect(await samplesOf(metrics)).to.deep.equal([1]);
  });

  it("reads again after a reading that failed", async () => {
    let fails = true;
    const metrics = new MetricHistory(async () => {
      if (fails) throw new Error("no answer");
      return [reading];
    });
    expect(await metrics.seriesIn(homeRegion).catch(({ message }: Error) => message)).to.equal("no answer");
    fails = false;
    expect(await metrics.seriesIn(homeRegion)).to.have.length(1);
  });
});

describe("an alarm", () => {
  const alarm = {
    ...({ comparison: "GreaterThanThreshold", statistic: "Average", threshold: 10, state: "OK" } as const),
    ...({ missing: "missing", periods: 2, periodSeconds: 60 } as const),
  };
  const now = 10 * minute + 30_000;
  const at = (minutesAgo: number, value: number) => ({ at: now - minutesAgo * minute, value });
  const state = (samples: readonly { at: number; value: number }[], own: object = {}) =>
    judgeAlarm({ ...alarm, ...own }, samples, now).state;

  it("goes off when each of its last periods breaches, and not for one alone", () => {
    expect(state([at(1, 11), at(0, 12)])).to.equal("ALARM");
    expect(state([at(1, 9), at(0, 12)])).to.equal("OK");
    expect(state([at(0, 12)])).to.equal("OK");
    expect(state([at(5, 12), at(4, 12)])).to.equal("INSUFFICIENT_DATA");
  });

  it("takes a period without datapoints as it is told to", () => {
    expect(state([])).to.equal("INSUFFICIENT_DATA");
    expect(state([], { missing: "notBreaching" })).to.equal("OK");
    expect(state([], { missing: "breaching" })).to.equal("ALARM");
    expect(state([], { missing: "ignore", state: "ALARM" })).to.equal("ALARM");
    expect(state([at(0, 12)], { missing: "breaching" })).to.equal("ALARM");
  });
});
