import { expect } from "chai";
import type { CpuTimes } from "../../bench/order-cost/cpu-time.ts";
import { type MachineTime, machineShares, parseMachine } from "../../bench/order-cost/machine-time.ts";

const STAT = `cpu  100 10 40 500 30 2 3 7 0 0
cpu0 50 5 20 250 15 1 1 3 0 0
cpu1 50 5 20 250 15 1 2 4 0 0
intr 1
`;
const PRESSURE = `some avg10=98.87 avg60=80.80 avg300=34.36 total=189044
full avg10=0.00 avg60=0.00 avg300=0.00 total=0
`;

const machine = (atMs: number, processesMs: number): MachineTime => ({
  ...{ cores: 2, atMs, processesMs, interruptsMs: 0, stolenMs: 0, waitedMs: null },
});
const kernelThread = (cpuMs: number): CpuTimes => new Map([[7, { pid: 7, parent: 2, started: "0", cpuMs }]]);

describe("the machine's own account", () => {
  it("reads processors, kinds of time and pressure", () => {
    expect(parseMachine(STAT, PRESSURE)).to.deep.equal({
      ...{ cores: 2, processesMs: 1_500, interruptsMs: 50, stolenMs: 70, waitedMs: 189.044 },
    });
  });

  it("says nothing of pressure where the kernel does not", () => {
    expect(parseMachine(STAT, "").waitedMs).to.equal(null);
  });

  it("tells what was measured from the kernel's own and from other people's processes", () => {
    const shares = machineShares(
      { before: machine(0, 0), after: machine(1_000, 1_600) },
      { before: kernelThread(0), after: kernelThread(100) },
      900,
    );
    expect(shares).to.include({ measured: 90, kernel: 10, others: 60, waited: null });
  });

  it("never finds less than nothing in other people's processes", () => {
    const window = { before: machine(0, 0), after: machine(1_000, 890) };
    expect(machineShares(window, { before: new Map(), after: new Map() }, 900).others).to.equal(0);
  });
});
