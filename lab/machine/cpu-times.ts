import { readProc } from "./read-proc.ts";

/**
 * CPU time of the whole machine since it started: clock ticks, all cores together. Processes count in the same ticks
 * (process-times.ts), so that shares need no length of a tick.
 */
export interface CpuTimes {
  /** In processes and in the kernel, interrupts included. */
  readonly busy: number;
  /** The part of `busy` that no process is charged for. */
  readonly interrupts: number;
  /** What the host gave to other guests while this one had work to do. */
  readonly stolen: number;
  readonly idle: number;
}

/** Of the text of /proc/stat; null when it is none. */
export function parseCpuTimes(text: string): CpuTimes | null {
  const line = /^cpu +([\d ]+)$/m.exec(text)?.[1];
  if (line === undefined) return null;
  // The columns behind these count guests, which `user` and `nice` include.
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = line
    .split(" ")
    .map(Number);
  return {
    busy: user + nice + system + irq + softirq,
    interrupts: irq + softirq,
    stolen: steal,
    idle: idle + iowait,
  };
}

/** null on a system without /proc. */
export function readCpuTimes(): CpuTimes | null {
  const text = readProc("stat");
  return text === null ? null : parseCpuTimes(text);
}
