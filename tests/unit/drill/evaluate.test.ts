import type { Mark } from "@castle/dr-runbooks/report/report.ts";
import {
  evaluateHandovers,
  evaluateLoad,
  evaluateTimeline,
  type Records,
} from "@castle/lab/drill/evaluate.ts";
import type { PlayedHandover } from "@castle/lab/drill/stage.ts";
import { Figures } from "@castle/lab/traders/figures.ts";
import type { RequestSample } from "@castle/lab/traders/records.ts";
import { figuresOf, longestGap } from "@castle/lab/traders/windows.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { expect } from "chai";

const zero = 1_700_000_000_000;

/** A load of 100 commands a second for 20 s by two traders, with nothing acknowledged from 5 s to 7 s. */
function records(): Records {
  const samples: RequestSample[] = Array.from({ length: 2_000 }, (_, i) => {
    const due = zero + i * 10;
    const dark = i >= 500 && i < 700;
    return {
      due,
      done: dark ? zero + 7_000 + i : due + 20,
      accountId: i % 2,
      command: true,
      end: "acknowledged",
      stumbled: dark,
    };
  });
  const figures = new Figures(zero);
  const ended = [...samples].sort((a, b) => a.done - b.done);
  for (const sample of ended) figures.ended(sample);
  const acknowledgedAt = ended.map(({ done }) => done);
  const series = figures.series(zero + 20_500);
  return {
    series,
    totals: { ...figures.totals, sent: samples.length, errors: 200, lost: 1 },
    summary: {
      startedAt: zero,
      stoppedAt: zero + 20_000,
      rps: 100,
      seed: 1,
      totals: figures.totals,
      underWay: 2,
      series,
    },
    figures: (windows) => figuresOf(samples, windows),
    clientGap: (window) => longestGap(acknowledgedAt, window),
    samples,
  };
}

const marks: Mark[] = [
  { kind: "act", name: "warm-up", startMs: 0, endMs: 1_000 },
  { kind: "steady", name: "before", startMs: 1_000, endMs: 4_000 },
  { kind: "steady", name: "after", startMs: 10_000, endMs: 15_000 },
];

const played: PlayedHandover = {
  since: zero + 5_000,
  noticedAt: zero + 5_500,
  result: {
    id: "failover-2",
    kind: "failover",
    from: "eu-west-1",
    to: "eu-central-1",
    epoch: epoch(2),
    resumed: false,
    startedAt: zero + 5_500,
    finishedAt: zero + 8_000,
    steps: [
      { name: "take-the-role", startedAt: zero + 5_500, ms: 100, outcome: "done", error: null },
      { name: "promote-database", startedAt: zero + 5_600, ms: 800, outcome: "done", error: null },
      { name: "open", startedAt: zero + 6_400, ms: 100, outcome: "done", error: null },
      { name: "pin-old-endpoint", startedAt: zero + 6_500, ms: 1_500, outcome: "failed", error: "no answer" },
    ],
    phasesMs: {},
    replayed: { BTCUSDT: 3, wallet: 1 },
    fencedAt: null,
  },
};

describe("the figures of a drill's load", () => {
  it("cover the steady phases alone, without the requests that the next act may disturb, and count what nobody could learn", () => {
    const load = evaluateLoad(records(), marks, { rps: 100, judgeSpeed: true });
    expect(load.steady.map(({ name, sent, errors }) => ({ name, sent, errors }))).to.deep.equal([
      { name: "before", sent: 275, errors: 0 },
      { name: "after", sent: 475, errors: 0 },
    ]);
    expect(load.latencyMs?.max).to.be.closeTo(20, 0.1);
    expect(load).to.include({ sent: 2_000, acknowledged: 2_000, errors: 200, unresolved: 3 });
  });

  it("leave out what a slow machine had under way when a phase ended, where speed is not judged", () => {
    const { steady } = evaluateLoad(records(), marks, { rps: 100, judgeSpeed: false });
    expect(steady.map(({ name, sent }) => ({ name, sent }))).to.deep.equal([
      { name: "before", sent: 200 },
      { name: "after", sent: 400 },
    ]);
  });

  it("keep half of a phase that is shorter than that", () => {
    const short: Mark[] = [{ kind: "steady", name: "short", startMs: 1_000, endMs: 2_000 }];
    const { steady } = evaluateLoad(records(), short, { rps: 100, judgeSpeed: false });
    expect(steady.map(({ sent }) => sent)).to.deep.equal([50]);
  });

  it("are none when there was no steady load", () => {
    expect(evaluateLoad(records(), [], { rps: 100, judgeSpeed: true })).to.deep.include({
      latencyMs: null,
      steady: [],
    });
  });

  it("stand on a timeline that begins with the first request", () => {
    const { points, bucketMs } = evaluateTimeline(records());
    expect(points[0]?.t).to.equal(0);
    expect(points.every(({ t }, i) => t === i * bucketMs)).to.equal(true);
    expect(points.reduce((sum, { acknowledged }) => sum + acknowledged, 0)).to.equal(2_000);
  });
});

describe("a handover as the traders saw it", () => {
  const all = records();
  const [handover] = evaluateHandovers([played], all, evaluateTimeline(all), 100);

  it("lasts from the last acknowledgement before the fault to the first one after it", () => {
    expect(handover?.outage.startMs).to.be.within(5_000, 5_020);
    expect(handover?.outage.endMs).to.be.within(7_000, 7_600);
    expect(handover?.clientGapMs).to.be.closeTo(
      (handover?.outage.endMs ?? 0) - (handover?.outage.startMs ?? 0),
      0.2,
    );
  });

  it("has phases that add up to the time from the fault to the outage's end", () => {
    const sum = Object.values(handover?.phasesMs ?? {}).reduce((total, ms) => total + ms, 0);
    expect(sum).to.be.closeTo((handover?.outage.endMs ?? 0) - 5_000, 1);
    expect(handover?.phasesMs).to.include({ detect: 500, fence: 100, promote: 800 });
  });

  it("tells every step with its purpose, and why one failed", () => {
    expect(handover?.steps.map(({ name }) => name)).to.deep.equal(
      played.result.steps.map(({ name }) => name),
    );
    expect(handover?.steps.every(({ purpose }) => purpose.length > 0)).to.equal(true);
    expect(handover?.steps.at(-1)).to.include({
      outcome: "failed",
      error: "no answer",
      startMs: 6_500,
      endMs: 8_000,
    });
  });

  it("counts the traders who came back from the outage's start, and the commands replayed", () => {
    expect(handover?.traders).to.include({ count: 2, back: 2 });
    expect(handover?.traders.p50Ms).to.be.at.least(handover?.clientGapMs ?? Number.POSITIVE_INFINITY);
    expect(handover?.replayed).to.equal(4);
  });

  it("ends where the next one begins", () => {
    const later = { ...played, since: zero + 6_000 };
    const [first] = evaluateHandovers([played, later], all, evaluateTimeline(all), 100);
    expect(first?.epoch).to.equal(2);
    expect(first?.outage.startMs).to.be.within(5_000, 5_020);
  });
});
