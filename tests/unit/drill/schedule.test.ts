import { foundSeeds } from "@castle/lab/drill/found-seeds.ts";
import { isLegal, operatorCommands, scheduleOf, type TimedBlow } from "@castle/lab/drill/schedule.ts";
import { told } from "@castle/lab/drill/tell-schedule.ts";
import { expect } from "chai";
import fc from "fast-check";

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const LASTS_MS = 4_000;

const blow = (one: TimedBlow["blow"], atMs = 0): TimedBlow => ({ atMs, forMs: null, blow: one });

describe("a random schedule of faults", () => {
  it("is the same for the same seed", () =>
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(scheduleOf(seed, LASTS_MS)).to.deep.equal(scheduleOf(seed, LASTS_MS));
      }),
    ));

  for (const { seed, found, blows } of foundSeeds)
    it(`of seed ${seed} still is what found that ${found}`, () => {
      expect(scheduleOf(seed, LASTS_MS).blows.map((each) => each.blow.kind)).to.deep.equal(blows);
    });

  it("is another for another seed", () => {
    const different = new Set(
      Array.from({ length: 50 }, (_, seed) => told(scheduleOf(seed, LASTS_MS)).join()),
    );
    expect(different.size).to.be.above(45);
  });

  it("holds two to five blows in the order of their moments, all within its time, and legal together", () =>
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1_000, max: 20_000 }), (seed, lastsMs) => {
        const { blows } = scheduleOf(seed, lastsMs);
        expect(blows.length).to.be.within(2, 5);
        expect(isLegal(blows)).to.equal(true);
        const moments = blows.map(({ atMs }) => atMs);
        expect(moments).to.deep.equal([...moments].sort((a, b) => a - b));
        for (const { atMs, forMs } of blows) {
          expect(atMs).to.be.within(0, lastsMs);
          if (forMs !== null) expect(atMs + forMs).to.be.at.most(Math.max(lastsMs, atMs + 100));
        }
      }),
    ));

  it("comes to every kind of blow sooner or later", () => {
    const kinds = new Set(
      Array.from({ length: 400 }, (_, seed) => scheduleOf(seed, LASTS_MS).blows)
        .flat()
        .map(({ blow: { kind } }) => kind),
    );
    expect(kinds.size).to.equal(16);
  });

  it("comes to every command with every fate of its runner", () => {
    const met = new Set(
      Array.from({ length: 2_000 }, (_, seed) => scheduleOf(seed, LASTS_MS).blows)
        .flat()
        .flatMap(({ blow: one }) => ("runner" in one ? [`${one.kind} ${one.runner.fate}`] : [])),
    );
    expect(met.size).to.equal(operatorCommands.length * 4);
  });

  it("lets everything that lasts end by itself, and nothing else", () => {
    for (const { blow: one, forMs } of Array.from(
      { length: 400 },
      (_, seed) => scheduleOf(seed, LASTS_MS).blows,
    ).flat())
      expect(forMs === null, one.kind).to.equal(
        /^(kill|restart)|^black-hole$/.test(one.kind) || "runner" in one,
      );
  });

  const illegal: [string, TimedBlow[]][] = [
    [
      "both regions lost",
      [blow({ kind: "kill-region", part: "active" }), blow({ kind: "kill-region", part: "standby" })],
    ],
    [
      "one region lost and the other frozen",
      [blow({ kind: "kill-region", part: "active" }), blow({ kind: "freeze-region", part: "standby" })],
    ],
    [
      "three commands of operators",
      [
        blow({ kind: "failover", runner: { fate: "lives" } }),
        blow({ kind: "isolate", runner: { fate: "lives" } }),
        blow({ kind: "switchover", runner: { fate: "killed", line: 3, afterMs: 0 } }),
      ],
    ],
    ["the same blow twice", [blow({ kind: "cut-link" }), blow({ kind: "cut-link" }, 500)]],
  ];
  for (const [what, blows] of illegal)
    it(`refuses ${what}`, () => {
      expect(isLegal(blows)).to.equal(false);
      for (const one of blows) expect(isLegal([one])).to.equal(true);
    });

  it("is told in words, a line for each blow", () =>
    expect(
      told({
        seed: 1,
        lastsMs: 4_000,
        blows: [
          { atMs: 1_250, forMs: 800, blow: { kind: "freeze-process", part: "active", process: "journal" } },
          { atMs: 2_000, forMs: null, blow: { kind: "failover", runner: { fate: "lives" } } },
          {
            atMs: 2_100,
            forMs: null,
            blow: { kind: "isolate", runner: { fate: "suspended", line: 4, afterMs: 12, forMs: 900 } },
          },
        ],
      }),
    ).to.deep.equal([
      "1.25 s  freeze-process active journal for 800 ms",
      "2.00 s  failover",
      "2.10 s  isolate, its runner suspended 12 ms behind line 4 for 900 ms",
    ]));
});
