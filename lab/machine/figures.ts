import type { TimeWindow } from "../traders/windows.ts";
import type { FsyncTime } from "./fsync-watch.ts";
import type { MachineInterval } from "./interval.ts";

/** What the machine kept account of while it was watched, in order. */
export interface MachineRecord {
  readonly intervals: readonly MachineInterval[];
  readonly fsyncs: readonly FsyncTime[];
}

/** How the machine was used in some stretch of time. null where its system does not tell. */
export interface MachineFigures {
  /** Shares of what all cores together can do. */
  readonly cpu: {
    readonly castle: number;
    readonly kernel: number;
    readonly others: number;
    readonly stolen: number;
    readonly idle: number;
    /** The largest shares of others and of the host within any {@link PEAK_MS}. */
    readonly othersPeak: number;
    readonly stolenPeak: number;
  } | null;
  /** The programs of others that used most, the largest first. Shares as above. */
  readonly largestOthers: readonly { readonly program: string; readonly share: number }[];
  /** Shares of the time in which something could not go on for want of a core, of a disk, of memory. */
  readonly waiting: {
    readonly cpu: number | null;
    readonly io: number | null;
    readonly memory: number | null;
  };
  readonly fsyncMs: { readonly p50: number; readonly p99: number } | null;
  readonly disk: {
    /** Mean, at the disk itself; null when nothing was written. */
    readonly msPerWrite: number | null;
    readonly bytesPerSecond: number;
    readonly castleBytesPerSecond: number;
  } | null;
}

/** Long enough for shares that hundreds of ticks were counted for; short enough for a burst that spoils a p99. */
export const PEAK_MS = 2_000;
const LARGEST = 3;

/**
 * The figures of all windows together; null when the machine was not watched in any of them. Pure. An interval that a
 * window cuts counts in proportion.
 */
export function machineFigures(record: MachineRecord, windows: readonly TimeWindow[]): MachineFigures | null {
  const parts = windows.flatMap((window) => partsOf(record.intervals, window));
  const seconds = total(parts, ({ share, of }) => share * (of.to - of.from)) / 1_000;
  if (seconds <= 0) return null;
  const ticks = total(parts, ({ share, of }) => share * ticksOf(of));
  return {
    cpu: cpuShares(parts, ticks, peaksOf(record.intervals, windows)),
    largestOthers: largest(parts, ticks),
    waiting: {
      cpu: waitedShare(parts, "cpu", seconds),
      io: waitedShare(parts, "io", seconds),
      memory: waitedShare(parts, "memory", seconds),
    },
    fsyncMs: percentiles(
      record.fsyncs.filter(({ at }) => windows.some(({ from, to }) => at >= from && at < to)),
    ),
    disk: diskFigures(parts, seconds),
  };
}

interface Part {
  readonly of: MachineInterval;
  /** How much of it lies in the window: above 0, at most 1. */
  readonly share: number;
}

const partsOf = (intervals: readonly MachineInterval[], { from, to }: TimeWindow): Part[] =>
  intervals.flatMap((of) => {
    const overlap = Math.min(to, of.to) - Math.max(from, of.from);
    return overlap > 0 ? [{ of, share: overlap / (of.to - of.from) }] : [];
  });

const total = (parts: readonly Part[], count: (part: Part) => number): number =>
  parts.reduce((sum, part) => sum + count(part), 0);

type Cpu = NonNullable<MachineInterval["cpu"]>;

const ticksOf = ({ cpu }: MachineInterval): number =>
  cpu ? cpu.castle + cpu.kernel + cpu.others + cpu.stolen + cpu.idle : 0;

function shareOf(parts: readonly Part[], ticks: number, who: keyof Cpu): number {
  return ticks > 0 ? total(parts, ({ share, of }) => share * (of.cpu?.[who] ?? 0)) / ticks : 0;
}

function cpuShares(
  parts: readonly Part[],
  ticks: number,
  peaks: { readonly othersPeak: number; readonly stolenPeak: number },
): MachineFigures["cpu"] {
  if (ticks <= 0) return null;
  return {
    castle: shareOf(parts, ticks, "castle"),
    kernel: shareOf(parts, ticks, "kernel"),
    others: shareOf(parts, ticks, "others"),
    stolen: shareOf(parts, ticks, "stolen"),
    idle: shareOf(parts, ticks, "idle"),
    ...peaks,
  };
}

/** Of every stretch that begins with an interval; a window that is shorter is one stretch. */
function peaksOf(
  intervals: readonly MachineInterval[],
  windows: readonly TimeWindow[],
): { othersPeak: number; stolenPeak: number } {
  let [othersPeak, stolenPeak] = [0, 0];
  for (const window of windows) {
    const last = Math.max(window.from, window.to - PEAK_MS);
    const starts = intervals.map(({ from }) => from).filter((from) => from > window.from && from < last);
    for (const from of [window.from, ...starts, last]) {
      const parts = partsOf(intervals, { from, to: Math.min(window.to, from + PEAK_MS) });
      const ticks = total(parts, ({ share, of }) => share * ticksOf(of));
      othersPeak = Math.max(othersPeak, shareOf(parts, ticks, "others"));
      stolenPeak = Math.max(stolenPeak, shareOf(parts, ticks, "stolen"));
    }
  }
  return { othersPeak, stolenPeak };
}

function largest(parts: readonly Part[], ticks: number): MachineFigures["largestOthers"] {
  const byProgram = new Map<string, number>();
  for (const { share, of } of parts)
    for (const [program, spent] of of.otherPrograms)
      byProgram.set(program, (byProgram.get(program) ?? 0) + share * spent);
  return [...byProgram]
    .map(([program, spent]) => ({ program, share: ticks > 0 ? spent / ticks : 0 }))
    .sort((a, b) => b.share - a.share)
    .slice(0, LARGEST);
}

function waitedShare(
  parts: readonly Part[],
  what: keyof MachineInterval["waited"],
  seconds: number,
): number | null {
  if (parts.some(({ of }) => of.waited[what] === null)) return null;
  return total(parts, ({ share, of }) => share * (of.waited[what] ?? 0)) / (seconds * 1e6);
}

function percentiles(times: readonly FsyncTime[]): MachineFigures["fsyncMs"] {
  const sorted = times.map(({ ms }) => ms).sort((a, b) => a - b);
  const [p50, p99] = [0.5, 0.99].map((share) => sorted[Math.ceil(sorted.length * share) - 1]);
  return p50 === undefined || p99 === undefined ? null : { p50, p99 };
}

function diskFigures(parts: readonly Part[], seconds: number): MachineFigures["disk"] {
  if (parts.some(({ of }) => of.disk === null)) return null;
  const sum = (of: keyof NonNullable<MachineInterval["disk"]>): number =>
    total(parts, (part) => part.share * (part.of.disk?.[of] ?? 0));
  const writes = sum("writes");
  return {
    msPerWrite: writes > 0 ? sum("writingMs") / writes : null,
    bytesPerSecond: sum("writtenBytes") / seconds,
    castleBytesPerSecond: sum("castleBytes") / seconds,
  };
}
