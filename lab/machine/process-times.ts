import { readdirSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { readProc } from "./read-proc.ts";

/** The CPU account of one process. Times are clock ticks. */
export interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  /** When it started, in ticks since the machine did: with the pid, its identity (pids are used again). */
  readonly started: string;
  readonly name: string;
  /** Ended, but not yet waited for by its parent. */
  readonly zombie: boolean;
  /** A thread of the kernel, which works for whoever needs it. */
  readonly kernel: boolean;
  readonly own: number;
  /** Of children that have ended and were waited for, and of theirs. */
  readonly waitedFor: number;
}

export type ProcessTimesByPid = ReadonlyMap<number, ProcessTimes>;

/** PF_KTHREAD in the kernel's include/linux/sched.h. */
const KERNEL_THREAD = 0x00200000;

/** Of the text of /proc/<pid>/stat; null when it is none. The fields stand in proc(5), counted from 1. */
export function parseProcessTimes(text: string): ProcessTimes | null {
  const opened = text.indexOf("(");
  // The name may hold anything, brackets and blanks too: fields are counted from behind the last bracket.
  const closed = text.lastIndexOf(")");
  if (opened < 0 || closed < 0) return null;
  const fields = text.slice(closed + 2).split(" ");
  const field = (number: number): number => Number(fields[number - 3] ?? 0);
  const state = fields[0] ?? "";
  return {
    pid: Number(text.slice(0, opened)),
    parent: field(4),
    started: fields[22 - 3] ?? "",
    name: text.slice(opened + 1, closed),
    zombie: state === "Z" || state === "X",
    kernel: (field(9) & KERNEL_THREAD) !== 0,
    own: field(14) + field(15),
    waitedFor: field(16) + field(17),
  };
}

/** null when there is no such process (any more), or no /proc. */
export function readProcessOf(pid: number): ProcessTimes | null {
  const text = readProc(`${pid}/stat`);
  return text === null ? null : parseProcessTimes(text);
}

/** Every process that can be seen from here, in about 15 µs each; none on a system without /proc. */
export function readProcesses(): ProcessTimesByPid {
  const all = new Map<number, ProcessTimes>();
  for (const entry of entriesOfProc()) {
    const pid = Number(entry);
    const times = Number.isInteger(pid) ? readProcessOf(pid) : null;
    if (times) all.set(pid, times);
  }
  return all;
}

function entriesOfProc(): string[] {
  try {
    return readdirSync("/proc");
  } catch {
    return [];
  }
}

/**
 * The program that a process runs, such as `node`; its own name for itself where that may not be read. Node's processes
 * all call themselves `MainThread`.
 */
export function programOf({ pid, name }: ProcessTimes): string {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, ""));
  } catch {
    return name;
  }
}
