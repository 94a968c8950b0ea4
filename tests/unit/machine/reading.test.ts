import { tmpdir } from "node:os";
import { parseCpuTimes, readCpuTimes } from "@castle/lab/machine/cpu-times.ts";
import { parseDiskTimes } from "@castle/lab/machine/disk.ts";
import { measureIdle } from "@castle/lab/machine/idle.ts";
import { parsePressure } from "@castle/lab/machine/pressure.ts";
import { parseProcessTimes, readProcesses, readProcessOf } from "@castle/lab/machine/process-times.ts";
import { expect } from "chai";
import { diskstats, kernelThread, pressureCpu, procStat, strangeName } from "./recorded.ts";

describe("the machine's accounts, as the kernel writes them", () => {
  it("tells the processors' time: busy with interrupts, stolen apart, guests not twice", () =>
    expect(parseCpuTimes(procStat)).to.deep.equal({
      busy: 23_617 + 12 + 6_270 + 30 + 645,
      interrupts: 675,
      stolen: 85,
      idle: 95_917 + 1_749,
    }));

  it("tells how long something waited", () => expect(parsePressure(pressureCpu)).to.equal(91_816_736));

  it("tells a disk's writes and flushes by its numbers", () => {
    expect(parseDiskTimes(diskstats, "254:0")).to.deep.equal({
      writes: 219_201 + 60_841,
      writingMs: 219_852 + 3_589,
      writtenBytes: 32_501_752 * 512,
    });
    expect(parseDiskTimes(diskstats, "0:37")).to.equal(null);
  });

  it("tells a process's time, whatever it calls itself", () =>
    expect(parseProcessTimes(strangeName)).to.deep.equal({
      ...{ pid: 7_731, parent: 7_723, started: "64400", name: "a) b) (c" },
      ...{ zombie: false, kernel: false, own: 33, waitedFor: 77 },
    }));

  it("tells threads of the kernel from processes", () =>
    expect(parseProcessTimes(kernelThread)).to.include({ kernel: true, own: 3 }));

  it("takes nothing for an account that is none", () => {
    for (const text of ["", "no such thing\n"]) {
      expect(parseCpuTimes(text)).to.equal(null);
      expect(parsePressure(text)).to.equal(null);
      expect(parseDiskTimes(text, "254:0")).to.equal(null);
      expect(parseProcessTimes(text)).to.equal(null);
    }
  });
});

describe("the accounts of this machine", () => {
  before(function () {
    if (readCpuTimes() === null) this.skip();
  });

  it("hold this process and its parent, and nothing for one that is not there", () => {
    expect(readProcesses().get(process.pid)).to.include({ parent: process.ppid, zombie: false });
    expect(readProcessOf(2 ** 30)).to.equal(null);
  });

  it("add up to all that it has, and tell how long its disk takes", async () => {
    const figures = await measureIdle(tmpdir());
    const { castle, kernel, others, stolen, idle } = figures?.cpu ?? {
      ...{ castle: 0, kernel: 0, others: 0, stolen: 0, idle: 0 },
    };
    expect(castle + kernel + others + stolen + idle).to.be.closeTo(1, 1e-9);
    expect(figures?.fsyncMs?.p50).to.be.above(0);
    expect(figures?.fsyncMs?.p99).to.be.at.least(figures?.fsyncMs?.p50 ?? 0);
  });
});
