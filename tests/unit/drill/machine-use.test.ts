import { reportSchema } from "@castle/dr-runbooks/report/report.ts";
import type { DrillEvent } from "@castle/lab/drill/chronicle.ts";
import { watchedEvents } from "@castle/lab/drill/machine-events.ts";
import { heldWhile, type MachineWatched, machineOf } from "@castle/lab/drill/machine-use.ts";
import { type MachineRecord, machineFigures } from "@castle/lab/machine/figures.ts";
import { expect } from "chai";
import { exampleReport } from "../report/example-report.ts";

const zero = 1_700_000_000_000;
/** The example's lab starts so long before its load. */
const LAB_UP_MS = 7_420;

/** Second by second, from the lab's start on; shares of a machine of two cores. */
function watched(use: (secondsSinceLoad: number) => { castle: number; others: number }): MachineWatched {
  const from = zero - LAB_UP_MS;
  const intervals: MachineRecord["intervals"] = Array.from({ length: 70 }, (_, i) => {
    const at = from + i * 1_000;
    const { castle, others } = use((at - zero) / 1_000);
    return {
      ...{ from: at, to: at + 1_000 },
      cpu: {
        ...{ castle: 200 * castle, others: 200 * others, kernel: 0, stolen: 0 },
        idle: 200 * (1 - castle - others),
      },
      otherPrograms: new Map([["browser", 200 * others]]),
      ...{ waited: { cpu: 900_000, io: 0, memory: 0 }, disk: null },
    };
  });
  const record = { intervals, fsyncs: [{ at: from + 500, ms: 1.234 }] };
  return { record, idle: null, labUp: { from, to: zero } };
}

const held = (use: Parameters<typeof watched>[0]) => heldWhile(watched(use), exampleReport(), zero);
const between = (from: number, to: number) => (s: number) =>
  s >= from && s < to ? { castle: 0.4, others: 0.6 } : { castle: 0.5, others: 0.02 };

describe("what held the machine while each figure was taken", () => {
  it("is nothing when Castle itself filled it from the first moment to the last", () =>
    expect(held(() => ({ castle: 0.98, others: 0.02 }))).to.deep.equal({
      ...{ labUp: null, steady: null, handovers: [null, null], story: null },
    }));

  it("is looked for where the figure was taken, and nowhere else", () => {
    const what = "other processes (browser) used";
    // The example's phases: steady from 5, 22 and 48 s on; nothing acknowledged from 18 and from 46 s on.
    const starting = held(between(-8, 0));
    expect(starting.labUp).to.contain(what);
    expect(starting).to.deep.include({ steady: null, handovers: [null, null] });

    const steady = held(between(24, 30));
    expect(steady.steady).to.contain(what);
    expect(steady).to.deep.include({ labUp: null, handovers: [null, null] });

    const { handovers, ...rest } = held(between(18, 21.5));
    expect(handovers[0]).to.contain(what);
    expect([handovers[1], rest.labUp, rest.steady]).to.deep.equal([null, null, null]);
  });

  it("is not known of a lab that ran already before the drill", () => {
    const { record } = watched(() => ({ castle: 0.1, others: 0.9 }));
    const found = heldWhile({ record, idle: null, labUp: null }, exampleReport(), zero);
    expect(found.labUp).to.equal(null);
    expect(found.steady).to.contain("used 90 %");
  });
});

describe("the machine in a drill's report", () => {
  it("tells each part of the story that was long enough, the lab's start first", () => {
    const { cpus, model, memoryBytes, system } = exampleReport().machine;
    const use = () => ({ castle: 0.5, others: 0.02 });
    const machine = machineOf(
      { cpus, model, memoryBytes, system },
      watched(use),
      [
        { kind: "act", name: "warm-up", startMs: 0, endMs: 5_000 },
        { kind: "fault", name: "killed", startMs: 5_000, endMs: 6_000 },
        { kind: "act", name: "at once", startMs: 6_000, endMs: 6_020 },
        { kind: "steady", name: "steady", startMs: 6_000, endMs: 12_000 },
      ],
      zero,
    );
    expect(machine.phases.map(({ name, durationMs }) => [name, durationMs])).to.deep.equal([
      ["both regions start", LAB_UP_MS],
      ["warm-up", 5_000],
      ["steady", 6_000],
    ]);
    expect(machine.phases[0]?.use).to.deep.include({ fsyncMs: { p50: 1.23, p99: 1.23 } });
    expect(machine.phases[2]?.use.cpu).to.include({ castle: 0.5, others: 0.02, idle: 0.48 });
    expect(() => reportSchema.shape.machine.parse(machine)).to.not.throw();
  });
});

describe("the events of a drill whose machine is watched", () => {
  it("have its accounts read wherever a part begins or ends, and tell at its end who used it", () => {
    const told: DrillEvent[] = [];
    let samples = 0;
    const { record } = watched(() => ({ castle: 0.5, others: 0.25 }));
    const tell = watchedEvents(
      {
        sample: () => {
          samples += 1;
        },
        recent: (ms) => machineFigures(record, [{ from: zero, to: zero + ms }]),
      },
      (event) => told.push(event),
    );
    tell({ kind: "act-started", of: "act", name: "failover" });
    tell({ kind: "note", text: "on its way" });
    tell({ kind: "act-ended", name: "failover", tookMs: 3_000, error: null });
    expect(samples).to.equal(2);
    expect(told.map(({ kind }) => kind)).to.deep.equal(["act-started", "note", "act-ended"]);
    expect(told[2]).to.deep.include({ tookMs: 3_000, use: { castle: 0.5, others: 0.25 } });
  });
});
