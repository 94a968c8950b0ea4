import { expect } from "chai";
import { compare, excess } from "../../bench/order-cost/compare.ts";
import type { Measured } from "../../bench/order-cost/measure.ts";

const measured = (rps: number, msPerOrder: number, more: Partial<Measured> = {}): Measured => ({
  rps,
  windowMs: 10_000,
  requests: {
    ...{ sent: rps * 10, acknowledged: rps * 8, refused: 0, answered: rps * 2, errors: 0 },
    latencyMs: { p50: 10, p95: 20, p99: 30.04, max: 40 },
  },
  acknowledged: rps * 8,
  completed: rps * 10,
  cpuMs: new Map([
    ["traders", msPerOrder * rps * 2],
    ["gateway", msPerOrder * rps * 6],
  ]),
  machine: { cores: 2, measured: 100, kernel: 5, others: 0, stolen: 0, waited: 1 },
  restarted: [],
  unreadable: [],
  ...more,
});

describe("Castle beside the reference", () => {
  it("divides the CPU time of all processes by the acknowledged orders", () => {
    const comparison = compare(measured(500, 3), measured(500, 1.5));
    expect(comparison).to.deep.include({
      ...{ rps: 500, castleMsPerOrder: 3, referenceMsPerOrder: 1.5, ratio: 2, p99Ms: 30, served: true },
      byProcess: { gateway: 2.25, traders: 0.75 },
      notes: [],
    });
    expect(Object.keys(comparison.byProcess)).to.deep.equal(["gateway", "traders"]);
  });

  for (const [rps, ratio, within] of [
    [500, 2, true],
    [500, 2.01, false],
    [1_000, 1.7, true],
    [1_000, 1.71, false],
    [2_000, 9, true],
  ] as const)
    it(`${within ? "accepts" : "refuses"} a ratio of ${ratio} at ${rps} requests a second`, () => {
      const comparison = compare(measured(rps, ratio), measured(rps, 1));
      expect(excess(comparison) === null).to.equal(within);
    });

  it("refuses a cheap rate that was not served", () => {
    const comparison = compare(measured(1_000, 1, { completed: 6_000 }), measured(1_000, 1));
    expect(comparison.served).to.equal(false);
    expect(comparison.notes).to.deep.equal([
      "Castle: not served: only 600 of 1000 requests a second were answered",
    ]);
    expect(excess(comparison)).to.match(/not served/);
  });

  it("does not judge where not even the reference kept up", () => {
    const comparison = compare(measured(500, 1), measured(500, 1, { completed: 1_000 }));
    expect(excess(comparison)).to.match(/too busy to judge/);
  });

  it("has no ratio where nothing was acknowledged, and says so", () => {
    const comparison = compare(measured(500, 1, { acknowledged: 0, completed: 0 }), measured(500, 1));
    expect(comparison).to.deep.include({ castleMsPerOrder: null, ratio: null, served: false, byProcess: {} });
  });

  it("tells of restarts, unreadable answers and a machine that others used", () => {
    const { notes } = compare(
      measured(500, 1, {
        ...{ restarted: ["eu-west-1 redis"], unreadable: ["not JSON"] },
        machine: { cores: 2, measured: 100, kernel: 5, others: 60, stolen: 0, waited: 90 },
      }),
      measured(500, 1),
    );
    expect(notes.map((note) => note.split(":")[1])).to.deep.equal([
      " started or ended meanwhile",
      " an answer could not be read",
      " others held 60 % of a core",
    ]);
  });
});
