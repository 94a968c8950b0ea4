import { existsSync, readFileSync } from "node:fs";
import type { CpuTimes, CpuWindow } from "./cpu-time.ts";

/** The machine's own accounts since it started; milliseconds, of all processors together. */
export interface MachineTime {
  readonly cores: number;
  readonly atMs: number;
  /** In processes, kernel threads among them. */
  readonly processesMs: number;
  readonly interruptsMs: number;
  /** Taken by other machines on the same host. */
  readonly stolenMs: number;
  /** Wall-clock time in which some process was ready to run and got no processor; null where the kernel does not tell. */
  readonly waitedMs: number | null;
}

/** Where the processors' time went within a window; % of one core, so that two busy cores are 200. */
export interface MachineShares {
  readonly cores: number;
  /** The process tree that was measured. */
  readonly measured: number;
  /** Kernel threads and interrupts: mostly disk and network, on behalf of whoever uses them. */
  readonly kernel: number;
  /** Other people's processes. */
  readonly others: number;
  readonly stolen: number;
  /** % of the window in which some process waited for a processor. */
  readonly waited: number | null;
}

const MS_PER_TICK = 10;
const PRESSURE = "/proc/pressure/cpu";
/** The parent of all kernel threads. */
const KTHREADD = 2;

export function readMachineTime(): MachineTime {
  const stat = readFileSync("/proc/stat", "latin1");
  const pressure = existsSync(PRESSURE) ? readFileSync(PRESSURE, "latin1") : "";
  return { ...parseMachine(stat, pressure), atMs: performance.now() };
}

/** Reads /proc/stat (proc_stat(5)) and /proc/pressure/cpu (the kernel's accounting/psi). */
export function parseMachine(stat: string, pressure: string): Omit<MachineTime, "atMs"> {
  const fields = /^cpu +(.+)$/m.exec(stat)?.[1]?.split(" ").map(Number) ?? [];
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = fields;
  const waitedMicroseconds = /^some .*total=(\d+)$/m.exec(pressure)?.[1];
  return {
    cores: stat.match(/^cpu\d+ /gm)?.length ?? 0,
    processesMs: (user + nice + system) * MS_PER_TICK,
    interruptsMs: (irq + softirq) * MS_PER_TICK,
    stolenMs: steal * MS_PER_TICK,
    waitedMs: waitedMicroseconds === undefined ? null : Number(waitedMicroseconds) / 1_000,
  };
}

/** @param measuredMs what the measured tree used within the window */
export function machineShares(
  { before, after }: { readonly before: MachineTime; readonly after: MachineTime },
  processes: CpuWindow,
  measuredMs: number,
): MachineShares {
  const windowMs = after.atMs - before.atMs;
  const share = (ms: number): number => (100 * ms) / windowMs;
  const kernelThreadsMs = kernelThreads(processes.after) - kernelThreads(processes.before);
  const othersMs = after.processesMs - before.processesMs - measuredMs - kernelThreadsMs;
  return {
    cores: after.cores,
    measured: share(measuredMs),
    kernel: share(kernelThreadsMs + after.interruptsMs - before.interruptsMs),
    // The two accounts are read a moment apart and in ticks: what is left may come out just below nothing.
    others: share(Math.max(0, othersMs)),
    stolen: share(after.stolenMs - before.stolenMs),
    waited:
      before.waitedMs === null || after.waitedMs === null ? null : share(after.waitedMs - before.waitedMs),
  };
}

const kernelThreads = (times: CpuTimes): number =>
  [...times.values()]
    .filter(({ pid, parent }) => pid === KTHREADD || parent === KTHREADD)
    .reduce((sum, { cpuMs }) => sum + cpuMs, 0);
