import type { MachineFigures } from "@castle/lab/machine/figures.ts";
import { heldBounds, heldByOthers } from "@castle/lab/machine/held.ts";
import { expect } from "chai";

type Cpu = NonNullable<MachineFigures["cpu"]>;

const MEBI = 2 ** 20;
const calm: Cpu = {
  ...{ castle: 0.5, kernel: 0.02, others: 0.02, stolen: 0, idle: 0.46 },
  ...{ othersPeak: 0.05, stolenPeak: 0 },
};

const figures = (cpu: Partial<Cpu>, more: Partial<MachineFigures> = {}): MachineFigures => ({
  cpu: { ...calm, ...cpu },
  largestOthers: [{ program: "browser", share: 0.02 }],
  waiting: { cpu: 0.4, io: 0.01, memory: 0 },
  fsyncMs: { p50: 1, p99: 5 },
  disk: { msPerWrite: 0.2, bytesPerSecond: 4 * MEBI, castleBytesPerSecond: 4 * MEBI },
  ...more,
});
const idle = figures({}, { fsyncMs: { p50: 0.5, p99: 2 } });

describe("whether something other than Castle held the machine", () => {
  it("is not so when Castle itself fills it: that is judged", () => {
    const full = figures(
      { castle: 0.97, kernel: 0.02, others: 0.01, othersPeak: 0.04, idle: 0 },
      { waiting: { cpu: 0.99, io: 0.5, memory: 0.1 } },
    );
    expect(heldByOthers(full, idle)).to.equal(null);
  });

  it("is not so when Castle itself fills the disk", () => {
    const disk = { msPerWrite: 30, bytesPerSecond: 300 * MEBI, castleBytesPerSecond: 290 * MEBI };
    expect(heldByOthers(figures({}, { fsyncMs: { p50: 80, p99: 900 }, disk }), idle)).to.equal(null);
  });

  it("is not so when a disk looks slow only because writers wait for a core", () =>
    expect(heldByOthers(figures({ castle: 0.97 }, { fsyncMs: { p50: 80, p99: 900 } }), idle)).to.equal(null));

  it("is not so on a calm machine, or when nothing is known of it", () => {
    expect(heldByOthers(figures({}), idle)).to.equal(null);
    expect(heldByOthers(null, idle)).to.equal(null);
    const blind = { cpu: null, fsyncMs: null, disk: null };
    expect(heldByOthers(figures({}, blind), null)).to.equal(null);
  });

  it("is so when other processes used more than their share, and tells both figures", () =>
    expect(heldByOthers(figures({ castle: 0.512, others: 0.34 }), idle)).to.equal(
      "other processes (browser) used 34 % of the machine (at most 10 %), Castle used 51 %",
    ));

  it("is so when they did within two seconds, long enough to spoil a p99", () =>
    expect(heldByOthers(figures({ others: 0.04, othersPeak: 0.8 }), idle)).to.contain(
      "used 80 % of the machine within two seconds (at most 35 %)",
    ));

  it("is not so at the bounds", () =>
    expect(
      heldByOthers(
        figures({ others: heldBounds.othersShare, othersPeak: heldBounds.othersPeakShare, stolen: 0.05 }),
        idle,
      ),
    ).to.equal(null));

  it("is not so while others use cores that nobody waits for", () => {
    const waiting = { cpu: 0.01, io: 0, memory: 0 };
    expect(heldByOthers(figures({ others: 0.5, othersPeak: 0.6 }, { waiting }), idle)).to.equal(null);
  });

  it("goes by shares alone where the kernel does not tell who waits", () => {
    const waiting = { cpu: null, io: null, memory: null };
    expect(heldByOthers(figures({ others: 0.5 }, { waiting }), idle)).to.contain("used 50 %");
  });

  it("is so when the host withheld cores", () => {
    expect(heldByOthers(figures({ stolen: 0.12 }), idle)).to.equal(
      "the host withheld 12 % of the machine (at most 5 %), Castle used 50 %",
    );
    expect(heldByOthers(figures({ stolenPeak: 0.4 }), idle)).to.contain(
      "40 % of the machine within two seconds",
    );
  });

  describe("by its disk", () => {
    const slow = { fsyncMs: { p50: 40, p99: 120 } };
    const disk = (bytes: number, castle: number) => ({
      disk: { msPerWrite: 20, bytesPerSecond: bytes * MEBI, castleBytesPerSecond: castle * MEBI },
    });

    it("is so when it is far slower than before the lab started, and hardly written to", () =>
      expect(heldByOthers(figures({}, { ...slow, ...disk(4, 4) }), idle)).to.equal(
        "the disk took 120 ms (p99) for a small write, and 2.0 ms before the lab started; 4 MiB of 4 MiB a second written to it were Castle's",
      ));

    it("is so when others fill it", () =>
      expect(heldByOthers(figures({}, { ...slow, ...disk(200, 6) }), idle)).to.contain(
        "6 MiB of 200 MiB a second written to it were Castle's",
      ));

    it("is not so when it was as slow before", () => {
      const before = figures({}, { ...slow, ...disk(1, 0) });
      expect(heldByOthers(figures({}, { ...slow, ...disk(4, 4) }), before)).to.equal(null);
    });

    it("is not so when nobody measured it before, or it is not known", () => {
      expect(heldByOthers(figures({}, { ...slow, ...disk(4, 4) }), null)).to.equal(null);
      expect(heldByOthers(figures({}, { ...slow, disk: null }), idle)).to.equal(null);
    });

    it("is not so when it is many times slower, and fast all the same", () =>
      expect(
        heldByOthers(
          figures(
            {},
            {
              fsyncMs: { p50: 5, p99: 30 },
              disk: { msPerWrite: 4, bytesPerSecond: MEBI, castleBytesPerSecond: MEBI },
            },
          ),
          idle,
        ),
      ).to.equal(null));
  });
});
