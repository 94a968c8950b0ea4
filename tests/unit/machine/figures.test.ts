import { type MachineRecord, machineFigures } from "@castle/lab/machine/figures.ts";
import { intervalBetween, type MachineInterval } from "@castle/lab/machine/interval.ts";
import type { MachineSample } from "@castle/lab/machine/sample.ts";
import { expect } from "chai";

const sample = (change: Partial<MachineSample> = {}): MachineSample => ({
  at: 0,
  cpu: { busy: 1_000, interrupts: 10, stolen: 5, idle: 2_000 },
  pressure: { cpu: 100, io: 50, memory: null },
  disk: { writes: 10, writingMs: 100, writtenBytes: 4_096 },
  consumed: { trees: 0, kernel: 0, others: new Map(), writtenBytes: 0 },
  ...change,
});

describe("what happened between two samples of the machine", () => {
  const later = sample({
    at: 1_000,
    cpu: { busy: 1_150, interrupts: 14, stolen: 15, idle: 2_040 },
    pressure: { cpu: 400_100, io: 50, memory: null },
    disk: { writes: 30, writingMs: 140, writtenBytes: 8_192 },
    consumed: { trees: 100, kernel: 6, others: new Map([["browser", 30]]), writtenBytes: 2_048 },
  });

  it("leaves to others all that was busy and neither Castle nor the kernel", () =>
    expect(intervalBetween(sample(), later).cpu).to.deep.equal({
      ...{ castle: 100, kernel: 10, others: 40, stolen: 10, idle: 40 },
    }));

  it("grows by what was counted in between", () => {
    const { waited, disk, from, to } = intervalBetween(sample(), later);
    expect({ from, to }).to.deep.equal({ from: 0, to: 1_000 });
    expect(waited).to.deep.equal({ cpu: 400_000, io: 0, memory: null });
    expect(disk).to.deep.equal({ writes: 20, writingMs: 40, writtenBytes: 4_096, castleBytes: 2_048 });
  });

  it("never takes less than nothing for others, when processes are charged for more than the machine", () =>
    expect(
      intervalBetween(sample(), { ...later, consumed: { ...later.consumed, trees: 160 } }).cpu,
    ).to.include({ castle: 150, kernel: 0, others: 0 }));

  it("does not know what either sample does not tell", () => {
    const bare = sample({ cpu: null, disk: null, pressure: { cpu: null, io: null, memory: null } });
    for (const interval of [intervalBetween(bare, later), intervalBetween(sample(), { ...bare, at: 1 })])
      expect(interval).to.deep.include({
        ...{ cpu: null, disk: null, waited: { cpu: null, io: null, memory: null } },
      });
  });
});

/** Seconds of a machine with two cores, of 100 ticks each. */
const seconds = (
  ...parts: readonly { castle?: number; others?: number; stolen?: number }[]
): MachineRecord => ({
  intervals: parts.map(
    ({ castle = 0, others = 0, stolen = 0 }, i): MachineInterval => ({
      from: i * 1_000,
      to: (i + 1) * 1_000,
      cpu: { castle, others, stolen, kernel: 0, idle: 200 - castle - others - stolen },
      otherPrograms: new Map(others > 0 ? [["browser", others]] : []),
      waited: { cpu: 500_000, io: 0, memory: null },
      disk: { writes: 10, writingMs: 5, writtenBytes: 1_000, castleBytes: 900 },
    }),
  ),
  fsyncs: parts.map((_, i) => ({ at: i * 1_000 + 500, ms: i + 1 })),
});

describe("the figures of a stretch of time", () => {
  const record = seconds({ castle: 100 }, { castle: 50, others: 100 }, { others: 200 }, {});

  it("are shares of what the machine can do", () => {
    const figures = machineFigures(record, [{ from: 0, to: 4_000 }]);
    expect(figures?.cpu).to.deep.include({ castle: 150 / 800, others: 300 / 800, stolen: 0 });
    expect(figures?.largestOthers).to.deep.equal([{ program: "browser", share: 300 / 800 }]);
    expect(figures?.waiting).to.deep.equal({ cpu: 0.5, io: 0, memory: null });
    expect(figures?.disk).to.deep.equal({
      msPerWrite: 0.5,
      bytesPerSecond: 1_000,
      castleBytesPerSecond: 900,
    });
  });

  it("take of an interval the part that lies in a window", () =>
    expect(machineFigures(record, [{ from: 500, to: 1_500 }])?.cpu).to.deep.include({
      castle: 75 / 200,
      others: 50 / 200,
    }));

  it("are those of all windows together, without what lies between", () =>
    expect(
      machineFigures(record, [
        { from: 0, to: 1_000 },
        { from: 3_000, to: 4_000 },
      ])?.cpu,
    ).to.deep.include({ castle: 0.25, others: 0, othersPeak: 0 }));

  it("tell the worst two seconds", () => {
    const burst = seconds(
      ...Array.from({ length: 30 }, (_, i) => (i === 10 || i === 11 ? { others: 160 } : {})),
    );
    const cpu = machineFigures(burst, [{ from: 0, to: 30_000 }])?.cpu;
    expect(cpu?.others).to.be.closeTo(320 / 6_000, 1e-9);
    expect(cpu?.othersPeak).to.be.closeTo(0.8, 1e-9);
  });

  it("take a window of less than two seconds for its own worst", () =>
    expect(machineFigures(record, [{ from: 2_000, to: 3_000 }])?.cpu?.othersPeak).to.equal(1));

  it("tell how long the disk took within the windows", () => {
    expect(machineFigures(record, [{ from: 1_000, to: 4_000 }])?.fsyncMs).to.deep.equal({ p50: 3, p99: 4 });
    expect(machineFigures(record, [{ from: 600, to: 1_400 }])?.fsyncMs).to.equal(null);
  });

  it("are not known where nobody watched", () => {
    expect(machineFigures(record, [])).to.equal(null);
    expect(machineFigures(record, [{ from: 5_000, to: 6_000 }])).to.equal(null);
    expect(machineFigures({ intervals: [], fsyncs: [] }, [{ from: 0, to: 1_000 }])).to.equal(null);
  });

  it("are not known in part where the system does not tell", () => {
    const [first] = seconds({ castle: 100 }).intervals;
    const blind = {
      intervals: first ? [{ ...first, cpu: null, disk: null }] : [],
      fsyncs: [],
    };
    expect(machineFigures(blind, [{ from: 0, to: 1_000 }])).to.deep.include({
      ...{ cpu: null, disk: null, fsyncMs: null },
    });
  });
});
