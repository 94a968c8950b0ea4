import { setTimeout as elapse } from "node:timers/promises";
import { now } from "@castle/lab/traders/clock.ts";
import type { Traders } from "@castle/lab/traders/traders.ts";
import type { WindowFigures } from "@castle/lab/traders/windows.ts";
import { cpuByName, readCpuTimes } from "./cpu-time.ts";
import { type MachineShares, machineShares, readMachineTime } from "./machine-time.ts";
import { type ProcessNames, withOtherChildren } from "./process-names.ts";
import type { WindowProfiler } from "./profiler.ts";

/** How much load for how long: the same for both paths. */
export interface LoadPlan {
  /** Requests a second. */
  readonly rps: number;
  readonly warmUpMs: number;
  readonly steadyMs: number;
}

/** A path that is under load already. */
export interface LoadedPath {
  readonly traders: Traders;
  /** Of its processes, as they are now; this process among them. */
  readonly processNames: () => ProcessNames;
  readonly profiler?: WindowProfiler | undefined;
}

/** One path under steady load. */
export interface Measured {
  readonly rps: number;
  readonly windowMs: number;
  /** What became of the requests that were due in the window. */
  readonly requests: WindowFigures;
  /** Commands acknowledged within the window, whenever they were due: what its CPU time was spent on. */
  readonly acknowledged: number;
  /** Requests that came to a good end within the window: commands acknowledged or refused, queries answered. */
  readonly completed: number;
  /** Milliseconds, by process name. */
  readonly cpuMs: ReadonlyMap<string, number>;
  readonly machine: MachineShares;
  /** Names of what was started or ended within the window. */
  readonly restarted: readonly string[];
  /** Answers that the traders could not read. */
  readonly unreadable: readonly string[];
}

/** Lets the load warm up, accounts for what follows, and ends the load. @throws the signal's reason; TradersDied */
export async function measure(
  { traders, processNames, profiler }: LoadedPath,
  { rps, warmUpMs, steadyMs }: LoadPlan,
  signal: AbortSignal,
): Promise<Measured> {
  await elapse(warmUpMs, undefined, { signal });
  await profiler?.start();
  const before = snapshot(processNames());
  await elapse(steadyMs, undefined, { signal });
  const after = snapshot(processNames());
  await profiler?.stop();
  const records = await traders.stop();
  signal.throwIfAborted();

  const window = { from: before.at, to: after.at };
  const processes = { before: before.processes, after: after.processes };
  const cpuMs = cpuByName(processes, new Map([...before.names, ...after.names]), process.pid);
  const usedMs = [...cpuMs.values()].reduce((sum, ms) => sum + ms, 0);
  const ended = records.samples.filter(({ done }) => done >= window.from && done < window.to);
  return {
    rps,
    windowMs: window.to - window.from,
    requests: records.figures([window]),
    acknowledged: ended.filter(({ end }) => end === "acknowledged").length,
    completed: ended.filter(({ end }) => end !== "rejected" && end !== "lost").length,
    cpuMs,
    machine: machineShares({ before: before.machine, after: after.machine }, processes, usedMs),
    restarted: changedNames(before.names, after.names),
    unreadable: traders.problems,
  };
}

function snapshot(names: ProcessNames) {
  const processes = readCpuTimes();
  return {
    at: now(),
    machine: readMachineTime(),
    processes,
    names: withOtherChildren(names, processes, process.pid),
  };
}

function changedNames(before: ProcessNames, after: ProcessNames): string[] {
  const started = [...after].filter(([pid]) => !before.has(pid));
  const ended = [...before].filter(([pid]) => !after.has(pid));
  return [...new Set([...started, ...ended].map(([, name]) => name))];
}
