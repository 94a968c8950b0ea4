import { expect } from "chai";
import { type CpuTimes, cpuByName, parseStat, readCpuTimes } from "../../bench/order-cost/cpu-time.ts";

const ROOT = 1;

/** Processes as [pid, parent, cpuMs, started]. */
const times = (...rows: [number, number, number, string?][]): CpuTimes =>
  new Map(rows.map(([pid, parent, cpuMs, started = `s${pid}`]) => [pid, { pid, parent, cpuMs, started }]));

const names = new Map([
  [ROOT, "supervisor"],
  [10, "database"],
]);

describe("CPU time by process name", () => {
  it("counts the children of a named process for it, and what has no name for the root", () => {
    const before = times([1, 0, 100], [10, 1, 50], [11, 10, 5], [20, 1, 7]);
    const after = times([1, 0, 130], [10, 1, 60], [11, 10, 25], [20, 1, 8]);
    expect([...cpuByName({ before, after }, names, ROOT)]).to.deep.equal([
      ["supervisor", 31],
      ["database", 30],
    ]);
  });

  it("counts a child that started and ended within the window, and not what others used", () => {
    const before = times([1, 0, 0], [10, 1, 50], [99, 0, 1_000]);
    const after = times([1, 0, 0], [10, 1, 90], [99, 0, 9_000]); // 40 of an ended child among it
    expect(cpuByName({ before, after }, names, ROOT).get("database")).to.equal(40);
    expect(cpuByName({ before, after }, names, ROOT).size).to.equal(2);
  });

  it("does not count again what a child had used before the window in which it ended", () => {
    const before = times([1, 0, 0], [10, 1, 50], [11, 10, 30]);
    const after = times([1, 0, 0], [10, 1, 85]); // 35 of the ended child: 5 of them new
    expect(cpuByName({ before, after }, names, ROOT).get("database")).to.equal(5);
  });

  it("gives the last of a named process that ended to whoever waited for it, with a right sum", () => {
    const before = times([1, 0, 100], [10, 1, 50], [11, 10, 30]);
    const after = times([1, 0, 187]); // 80 it had used before, 7 since
    expect([...cpuByName({ before, after }, names, ROOT)]).to.deep.equal([["supervisor", 7]]);
  });

  it("knows a process that got the pid of an ended one", () => {
    const before = times([1, 0, 0], [10, 1, 50, "long ago"]);
    const after = times([1, 0, 52], [10, 1, 4, "just now"]);
    expect([...cpuByName({ before, after }, names, ROOT)]).to.deep.equal([
      ["supervisor", 2],
      ["database", 4],
    ]);
  });

  it("reads a process whose name holds blanks and brackets", () => {
    const numbers = [..."0000000000"].join(" ");
    const stat = `42 (a) S 9 (b) S 7 ${numbers.slice(0, -2)} 3 4 10 20 20 0 1 0 777 1 2`;
    expect(parseStat(stat)).to.deep.equal({ pid: 42, parent: 7, started: "777", cpuMs: 370 });
  });

  it("sees what this very process uses", () => {
    const before = readCpuTimes();
    const until = performance.now() + 100;
    while (performance.now() < until) Math.hypot(until);
    const after = readCpuTimes();
    const spent = cpuByName({ before, after }, new Map([[process.pid, "me"]]), process.pid).get("me");
    expect(spent).to.be.greaterThan(0);
  });
});
