import type { Machine, MachinePhase, MachineUse, Mark, Report } from "@castle/dr-runbooks/report/report.ts";
import { type MachineFigures, type MachineRecord, machineFigures } from "../machine/figures.ts";
import { heldByOthers } from "../machine/held.ts";
import type { TimeWindow } from "../traders/windows.ts";
import type { HeldByOthers } from "./speed-checks.ts";

/** What was watched of the machine. Windows in milliseconds since 1970. */
export interface MachineWatched {
  readonly record: MachineRecord;
  /** Before the lab started; null when it ran already. */
  readonly idle: MachineFigures | null;
  /** null when the lab ran already. */
  readonly labUp: TimeWindow | null;
}

type Story = Pick<Report, "marks" | "handovers">;

/** A shorter part of a story has too few ticks to tell of. Milliseconds. */
const LEAST_MS = 500;

/** Who used the machine, part by part. Pure. @param zero when the report's time begins: milliseconds since 1970 */
export function machineOf(
  identity: Machine,
  { record, idle, labUp }: MachineWatched,
  marks: readonly Mark[],
  zero: number,
): Report["machine"] {
  const parts: [string, TimeWindow][] = [
    ...(labUp ? [["both regions start", labUp] as [string, TimeWindow]] : []),
    ...marks
      .filter(({ kind }) => kind !== "fault")
      .map((mark): [string, TimeWindow] => [mark.name, windowOf(mark, zero)]),
  ];
  return {
    ...identity,
    idle: idle && rounded(idle),
    phases: parts.flatMap(([name, window]): MachinePhase[] => {
      const durationMs = Math.round(window.to - window.from);
      const figures = durationMs < LEAST_MS ? null : machineFigures(record, [window]);
      return figures ? [{ name, durationMs, use: rounded(figures) }] : [];
    }),
  };
}

/** What other than Castle held the machine while each figure of speed was taken. Pure. @param zero as above */
export function heldWhile({ record, idle, labUp }: MachineWatched, story: Story, zero: number): HeldByOthers {
  const held = (windows: readonly TimeWindow[]): string | null =>
    heldByOthers(machineFigures(record, windows), idle);
  return {
    labUp: labUp && held([labUp]),
    steady: held(story.marks.filter(({ kind }) => kind === "steady").map((mark) => windowOf(mark, zero))),
    handovers: story.handovers.map(({ outage }) => held([windowOf(outage, zero)])),
    story: held([{ from: zero, to: zero + Math.max(0, ...story.marks.map(({ endMs }) => endMs)) }]),
  };
}

const windowOf = ({ startMs, endMs }: Pick<Mark, "startMs" | "endMs">, zero: number): TimeWindow => ({
  from: zero + startMs,
  to: zero + endMs,
});

/** As fine as the accounts are. */
function rounded({ cpu, largestOthers, waiting, fsyncMs, disk }: MachineFigures): MachineUse {
  return {
    cpu: cpu && {
      ...{ castle: share(cpu.castle), kernel: share(cpu.kernel), others: share(cpu.others) },
      ...{ stolen: share(cpu.stolen), idle: share(cpu.idle) },
      ...{ othersPeak: share(cpu.othersPeak), stolenPeak: share(cpu.stolenPeak) },
    },
    largestOthers: largestOthers.map((one) => ({ ...one, share: share(one.share) })),
    waiting: {
      cpu: waiting.cpu === null ? null : share(waiting.cpu),
      io: waiting.io === null ? null : share(waiting.io),
      memory: waiting.memory === null ? null : share(waiting.memory),
    },
    fsyncMs: fsyncMs && { p50: milliseconds(fsyncMs.p50), p99: milliseconds(fsyncMs.p99) },
    disk: disk && {
      msPerWrite: disk.msPerWrite === null ? null : milliseconds(disk.msPerWrite),
      bytesPerSecond: Math.round(disk.bytesPerSecond),
      castleBytesPerSecond: Math.round(disk.castleBytesPerSecond),
    },
  };
}

const share = (n: number): number => Math.round(n * 1_000) / 1_000;
const milliseconds = (ms: number): number => Math.round(ms * 100) / 100;
