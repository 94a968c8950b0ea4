import { spawn } from "node:child_process";
import { once } from "node:events";
import { readCpuTimes } from "@castle/lab/machine/cpu-times.ts";
import type { ProcessTimes, ProcessTimesByPid } from "@castle/lab/machine/process-times.ts";
import { type Consumed, TreeCpu } from "@castle/lab/machine/tree-cpu.ts";
import { expect } from "chai";

type Row = readonly [pid: number, parent: number, own: number, more?: Partial<ProcessTimes>];

const reading = (...rows: readonly Row[]): ProcessTimesByPid =>
  new Map(
    rows.map(([pid, parent, own, more]) => [
      pid,
      {
        ...{ pid, parent, own, waitedFor: 0, started: `${pid}`, name: `program ${pid}` },
        ...{ zombie: false, kernel: false, ...more },
      },
    ]),
  );

/** What the tree below 10 and all others consumed from each reading to the next. */
function consumed(...readings: readonly ProcessTimesByPid[]): Consumed[] {
  const left = [...readings];
  const trees = new TreeCpu([10], {
    processes: () => left.shift() ?? new Map(),
    program: ({ name }) => name,
    writtenBytes: () => null,
  });
  return readings.slice(1).map(() => trees.next());
}

describe("the consumption of a process tree", () => {
  it("is that of every process below its root, and of nobody else", () => {
    const [spent] = consumed(
      reading([1, 0, 100], [10, 1, 5], [11, 10, 50], [12, 11, 7], [20, 1, 9]),
      reading([1, 0, 101], [10, 1, 6], [11, 10, 60], [12, 11, 7], [20, 1, 39]),
    );
    expect(spent?.trees).to.equal(11);
    expect([...(spent?.others ?? [])]).to.deep.equal([
      ["program 1", 1],
      ["program 20", 30],
    ]);
  });

  it("counts a child that started in between from its start", () => {
    const [spent] = consumed(reading([10, 1, 5]), reading([10, 1, 5], [11, 10, 8]));
    expect(spent?.trees).to.equal(8);
  });

  it("counts a child that came and went in between by what its parent was charged for it", () => {
    const [spent] = consumed(reading([10, 1, 5]), reading([10, 1, 5, { waitedFor: 12 }]));
    expect(spent?.trees).to.equal(12);
  });

  it("counts of a child that ended only what it consumed since", () => {
    const [spent] = consumed(
      reading([10, 1, 5], [11, 10, 500, { waitedFor: 40 }]),
      reading([10, 1, 5, { waitedFor: 543 }]),
    );
    expect(spent?.trees).to.equal(3);
  });

  it("takes a pid that was given away again for another process", () => {
    const [spent] = consumed(
      reading([10, 1, 5], [11, 10, 500]),
      reading([10, 1, 5, { waitedFor: 501 }], [11, 10, 4, { started: "later" }]),
    );
    expect(spent?.trees).to.equal(5);
  });

  it("never falls below zero for a child that nobody waits for", () => {
    const [spent] = consumed(reading([10, 1, 5], [11, 10, 500]), reading([10, 1, 6]));
    expect(spent?.trees).to.equal(1);
  });

  it("does not charge init for the past of orphans that it waits for, in whatever order they stand", () => {
    const ended: Row[] = [
      [11, 10, 900],
      [12, 11, 700],
      [13, 11, 800],
    ];
    for (const rows of [ended, ended.toReversed()]) {
      const [spent] = consumed(
        reading([1, 0, 0], [10, 1, 5], ...rows),
        reading([1, 0, 0, { waitedFor: 1_502 }], [10, 1, 5, { waitedFor: 901 }]),
      );
      expect(spent?.trees).to.equal(1);
      expect([...(spent?.others ?? [])]).to.deep.equal([["program 1", 2]]);
    }
  });

  it("finds the past of a grandchild in its grandparent's account, where its parent waited before it ended", () => {
    const [spent] = consumed(
      reading([1, 0, 0], [10, 1, 5], [11, 10, 2], [12, 11, 700]),
      reading([1, 0, 0], [10, 1, 5, { waitedFor: 705 }]),
    );
    expect(spent?.trees).to.equal(3);
  });

  it("stays with an orphan of the tree, whoever adopts it", () => {
    const [, second] = consumed(
      reading([1, 0, 0], [10, 1, 5], [11, 10, 1], [12, 11, 1]),
      reading([1, 0, 0], [10, 1, 5, { waitedFor: 1 }], [12, 1, 1]),
      reading([1, 0, 0], [10, 1, 5, { waitedFor: 1 }], [12, 1, 21]),
    );
    expect(second?.trees).to.equal(20);
  });

  it("keeps threads of the kernel apart: they work for everybody", () => {
    const [spent] = consumed(
      reading([2, 0, 0, { kernel: true }], [10, 1, 0]),
      reading([2, 0, 9, { kernel: true }], [10, 1, 0]),
    );
    expect(spent).to.include({ kernel: 9, trees: 0 });
    expect(spent?.others.size).to.equal(0);
  });
});

describe("the consumption of this process's tree", () => {
  before(function () {
    if (readCpuTimes() === null) this.skip();
  });

  it("holds what a child burnt, while it runs and after its end", async () => {
    const trees = new TreeCpu([process.pid]);
    const burn = "const until = process.cpuUsage().user + 300_000; while (process.cpuUsage().user < until);";
    const child = spawn(process.execPath, ["-e", burn], { stdio: "ignore" });
    await once(child, "exit");
    // Ticks of 10 ms; the child's start is in it as well.
    expect(trees.next().trees).to.be.at.least(29);
  });
});
