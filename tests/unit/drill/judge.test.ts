import { type Report, reportSchema } from "@castle/dr-runbooks/report/report.ts";
import { Chronicle } from "@castle/lab/drill/chronicle.ts";
import { judge } from "@castle/lab/drill/judge.ts";
import { drillOptions } from "@castle/lab/drill/options.ts";
import type { Played } from "@castle/lab/drill/play.ts";
import { Figures } from "@castle/lab/traders/figures.ts";
import type { RequestSample } from "@castle/lab/traders/records.ts";
import type { TraderRecords } from "@castle/lab/traders/trader-records.ts";
import { figuresOf, longestGap } from "@castle/lab/traders/windows.ts";
import { expect } from "chai";
import { exampleReport } from "../report/example-report.ts";

const zero = 1_700_000_000_000;
const RPS = 100;
const STEADY_MS = 10_000;
const SLOW_MS = 400;

/** Every command is acknowledged, and far too late. */
function slowRecords(): TraderRecords {
  const samples = Array.from({ length: (STEADY_MS / 1_000) * RPS }, (_, i): RequestSample => {
    const due = zero + (i * 1_000) / RPS;
    return { due, done: due + SLOW_MS, accountId: 1, command: true, end: "acknowledged", stumbled: false };
  });
  const figures = new Figures(zero);
  for (const sample of samples) figures.ended(sample);
  const series = figures.series(zero + STEADY_MS + SLOW_MS);
  const totals = { ...figures.totals, sent: samples.length };
  const records: Pick<TraderRecords, "series" | "totals" | "summary" | "figures" | "clientGap" | "samples"> =
    {
      ...{ series, totals, samples },
      summary: {
        startedAt: zero,
        stoppedAt: zero + STEADY_MS,
        rps: RPS,
        seed: 1,
        totals,
        underWay: 0,
        series,
      },
      figures: (windows) => figuresOf(samples, windows),
      clientGap: (window) => longestGap([zero], window),
    };
  return records as TraderRecords;
}

/** A drill in which nothing happened, on a machine that was used so from its start to its end. */
async function judged(castle: number, others: number): Promise<Report> {
  let clock = zero;
  const chronicle = new Chronicle(
    () => undefined,
    () => clock,
  );
  await chronicle.during("steady", "steady in eu-west-1", async () => {
    clock += STEADY_MS;
  });
  const played: Played = {
    ...{ records: slowRecords(), audit: exampleReport().audit },
    ...{ handovers: [], executions: [], observed: [], givenUp: null, stopped: null, unreadable: [] },
    ending: { activeRegion: "eu-west-1", mode: "paired" } as Played["ending"],
  };
  const options = drillOptions({
    scenario: "ledger",
    rps: RPS,
    seconds: STEADY_MS / 1_000,
    judgeSpeed: true,
  });
  return judge(options, played, chronicle, {
    ...{ durationMs: 30_000, peakBytes: 2 ** 30, versions: exampleReport().versions },
    machine: {
      ...{ idle: null, labUp: { from: zero - 20_000, to: zero } },
      record: {
        intervals: Array.from({ length: 30 }, (_, i) => ({
          ...{ from: zero + (i - 20) * 1_000, to: zero + (i - 19) * 1_000, disk: null },
          cpu: {
            ...{ castle: 200 * castle, others: 200 * others, kernel: 0, stolen: 0 },
            idle: 200 * (1 - castle - others),
          },
          ...{ otherPrograms: new Map([["browser", 200 * others]]) },
          waited: { cpu: 900_000, io: 0, memory: 0 },
        })),
        fsyncs: [],
      },
    },
  });
}

const speed = ["p99 in the steady phases", "Both cells ready"];

describe("the verdict on a slow drill", () => {
  it("is fail when Castle itself filled the machine: every figure of it is judged", async () => {
    const { verdict, checks } = await judged(0.98, 0.02);
    expect(verdict).to.equal("fail");
    expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).to.deep.equal(speed);
    expect(checks.every((check) => check.judged)).to.equal(true);
  });

  it("is pass when others held the machine, and each figure tells why it is not judged", async () => {
    const { verdict, checks } = await judged(0.45, 0.55);
    expect(verdict).to.equal("pass");
    const unjudged = checks.filter((check) => !check.judged);
    expect(unjudged.map(({ name }) => name)).to.include.members(speed);
    for (const { reason } of unjudged) expect(reason).to.contain("other processes (browser) used 55 %");
  });

  it("comes in a report that says how the machine was used, as machines read it", async () => {
    const report = await judged(0.45, 0.55);
    expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).to.deep.equal(report);
    expect(report.machine.phases.map(({ name }) => name)).to.deep.equal([
      "both regions start",
      "steady in eu-west-1",
    ]);
  });
});
