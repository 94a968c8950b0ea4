import { expect } from "chai";
import { type Alarm, description } from "../../../../infra/cell/observability/alarm.ts";
import { alarmsOf } from "../../../../infra/cell/observability/alarms.ts";
import { subjects } from "./subjects-of-tests.ts";

const alarms = alarmsOf(subjects);
const named = (name: string): Alarm => {
  const found = alarms.find((alarm) => alarm.name === name);
  if (!found) throw new Error(`no alarm ${name}; there are ${alarms.map((alarm) => alarm.name).join(", ")}`);
  return found;
};

describe("the alarms of a cell", () => {
  it("have a name each", () => {
    expect(new Set(alarms.map(({ name }) => name)).size).to.equal(alarms.length);
  });

  it("watch what the platform can lose: both replications, mode, journal, answers, their time, jobs, room", () => {
    const names = alarms.map(({ name }) => name);
    expect(names).to.include.members([
      "database-behind",
      "cache-behind",
      "mode-solo",
      "journal-fails",
      "journal-slow",
      "journal-storage",
      "answers-5xx",
      "orders-slow",
      "jobs-pile-up-1",
      "database-cpu",
      "certificate-ends",
    ]);
  });

  for (const alarm of alarms)
    it(`${alarm.name} says why, and what to do, within what CloudWatch takes`, () => {
      expect(alarm.why).to.match(/^[A-Z].{30,}\.$/);
      expect(alarm.mend).to.match(/\.$/).and.have.length.greaterThan(20);
      expect(description(alarm).length).to.be.at.most(1_024);
      expect(alarm.breaching[0]).to.be.at.most(alarm.breaching[1]);
    });

  it("take silence for the worst of news only where both roles tell", () => {
    const breaching = alarms.filter(({ missing }) => missing === "breaching").map(({ name }) => name);
    expect(breaching).to.have.members([
      ...["database-cpu", "journal-cpu", "journal-storage"],
      ...["cache-1-cpu", "cache-2-cpu", "cache-3-cpu"],
    ]);
  });

  for (const name of [
    ...["database-behind", "cache-behind", "database-commits-slow"],
    ...["answers-5xx", "orders-slow", "traffic-while-refusing", "journal-fails"],
  ])
    it(`${name} is silent in the role that has nothing to measure`, () => {
      expect(named(name).missing).to.equal("notBreaching");
    });

  it("keep saying solo until somebody says otherwise", () => {
    expect(named("mode-solo").missing).to.equal("ignore");
  });

  it("measure Aurora's lag in milliseconds and the cache's in seconds: ten seconds both", () => {
    expect(named("database-behind").threshold).to.equal(10_000);
    expect(named("cache-behind").threshold).to.equal(10);
  });

  it("ask for the lags by query, since AWS documents no dimensions of them", () => {
    const { look } = named("database-behind");
    expect(look).to.deep.equal({
      kind: "query",
      sql: `SELECT MAX(AuroraGlobalDBReplicationLag) FROM "AWS/RDS" WHERE DBClusterIdentifier = 'castle-production-database'`,
    });
  });

  it("have none of a peer in a cell that stands alone", () => {
    const names = alarmsOf({ ...subjects, paired: false }).map(({ name }) => name);
    for (const name of ["database-behind", "cache-behind", "mode-solo", "journal-fails"])
      expect(names).not.to.include(name);
    expect(names).to.include("answers-5xx");
  });

  it("cannot be made of an edge that leads to no gateway, and say so", () => {
    const { "order-gateway": _, ...others } = subjects.targetGroups;
    expect(() => alarmsOf({ ...subjects, targetGroups: others })).to.throw(
      "order-gateway has no target group to watch: the edge leads to market-data",
    );
  });

  it("grow with the journal's disk", () => {
    const small = alarmsOf({ ...subjects, journal: { identifier: "journal", storageGiB: 20 } });
    const threshold = (of: readonly Alarm[]) => of.find(({ name }) => name === "journal-storage")?.threshold;
    expect(threshold(alarms)).to.equal(10 * (threshold(small) ?? 0));
  });
});
