import { readdirSync, readFileSync } from "node:fs";

/** What one process has used of the processors since it started. */
export interface ProcessTime {
  readonly pid: number;
  readonly parent: number;
  /** When it started, in the kernel's ticks since boot: with the pid, the identity of a process. */
  readonly started: string;
  /** In user and kernel mode, with all children that have ended and were waited for. Milliseconds. */
  readonly cpuMs: number;
}

export type CpuTimes = ReadonlyMap<number, ProcessTime>;

/** USER_HZ, in which Linux writes times into /proc: 100 a second on every architecture that Node runs on. */
const MS_PER_TICK = 10;

/** Every process of this machine, from /proc/<pid>/stat (proc_pid_stat(5)). Zombies are in it: their time counts. */
export function readCpuTimes(): CpuTimes {
  const times = new Map<number, ProcessTime>();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      times.set(Number(entry), parseStat(readFileSync(`/proc/${entry}/stat`, "latin1")));
    } catch (error) {
      if (!endedMeanwhile(error)) throw error;
    }
  }
  return times;
}

const endedMeanwhile = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ESRCH");

export function parseStat(stat: string): ProcessTime {
  // The name, in brackets, may hold anything, brackets and blanks too: fields are counted from behind the last one.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [, parent, , , , , , , , , , user, system, childrenUser, childrenSystem] = fields;
  const ticks = [user, system, childrenUser, childrenSystem].reduce((sum, field) => sum + Number(field), 0);
  return {
    pid: Number.parseInt(stat, 10),
    parent: Number(parent),
    started: fields[19] ?? "",
    cpuMs: ticks * MS_PER_TICK,
  };
}

export interface CpuWindow {
  readonly before: CpuTimes;
  readonly after: CpuTimes;
}

/**
 * The time that `root` and its descendants used within the window, by name: each process counts for its nearest
 * ancestor (or itself) that has one. A process that ended within the window counts for whoever has waited for it, so
 * that the sum is always right.
 * @param names by pid; `root` must have one. @returns milliseconds
 */
export function cpuByName(
  { before, after }: CpuWindow,
  names: ReadonlyMap<number, string>,
  root: number,
): Map<string, number> {
  const byName = new Map<string, number>();
  const add = (pid: number, times: CpuTimes, cpuMs: number): void => {
    const name = nameOf(pid, times, names, root);
    if (name !== undefined) byName.set(name, (byName.get(name) ?? 0) + cpuMs);
  };
  for (const { pid, cpuMs } of after.values()) {
    const earlier = survives(pid, { before, after }) ? (before.get(pid)?.cpuMs ?? 0) : 0;
    add(pid, after, cpuMs - earlier);
  }
  // Its whole time is in the children's time of whoever waited for it: what it had used before must not count.
  for (const { pid, cpuMs } of before.values()) {
    if (survives(pid, { before, after })) continue;
    const heir = nearest(pid, before, (ancestor) => survives(ancestor, { before, after }));
    if (heir !== undefined) add(heir, before, -cpuMs);
  }
  return byName;
}

/** Whether the process was there at both ends of the window. */
const survives = (pid: number, { before, after }: CpuWindow): boolean => {
  const started = before.get(pid)?.started;
  return started !== undefined && after.get(pid)?.started === started;
};

/** Undefined for a process that does not descend from `root`. */
function nameOf(
  pid: number,
  times: CpuTimes,
  names: ReadonlyMap<number, string>,
  root: number,
): string | undefined {
  const named = nearest(pid, times, (ancestor) => names.has(ancestor) || ancestor === root);
  return named === undefined ? undefined : names.get(named);
}

/** The process itself or its nearest ancestor that fits. */
function nearest(pid: number, times: CpuTimes, fits: (pid: number) => boolean): number | undefined {
  for (let row = times.get(pid); row; row = times.get(row.parent)) if (fits(row.pid)) return row.pid;
  return undefined;
}
