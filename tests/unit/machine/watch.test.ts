import { tmpdir } from "node:os";
import { readCpuTimes } from "@castle/lab/machine/cpu-times.ts";
import { FsyncWatch } from "@castle/lab/machine/fsync-watch.ts";
import { MachineWatch } from "@castle/lab/machine/watch.ts";
import { until } from "@castle/lab/processes/until.ts";
import { expect } from "chai";

describe("watching this machine", () => {
  before(function () {
    if (readCpuTimes() === null) this.skip();
  });

  it("reads its accounts by itself and when told to, and stays readable when it has ended", async () => {
    const watch = new MachineWatch(tmpdir());
    try {
      await until(() => watch.record.intervals.length >= 1 && watch.record.fsyncs.length >= 1, {
        ...{ what: "a second of the machine's accounts", withinMs: 15_000 },
      });
      watch.sample();
    } finally {
      await watch.stop();
    }
    const { intervals } = watch.record;
    for (const [i, { from }] of intervals.entries())
      expect(from).to.equal(intervals[i - 1]?.to ?? from, "no moment is missing, and none counted twice");
    expect(watch.recent(1_000)?.cpu?.castle).to.be.within(0, 1);
  });

  it("knows no time of a disk that cannot be written to, and goes on", async () => {
    const watch = new FsyncWatch("/proc/no such folder", 5);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await watch.stop();
    expect(watch.times).to.deep.equal([]);
  });
});
