import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/**
 * Memory of processes in KiB, by pid. Linux: the proportional set size, in which memory that several share (PostgreSQL's
 * buffers) is counted once; elsewhere the resident set size.
 */
export function memoryKib(pids: readonly number[]): ReadonlyMap<number, number> {
  return existsSync("/proc/self/smaps_rollup") ? proportional(pids) : resident(pids);
}

function proportional(pids: readonly number[]): Map<number, number> {
  const found = new Map<number, number>();
  for (const pid of pids)
    try {
      const match = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "latin1"));
      if (match) found.set(pid, Number(match[1]));
    } catch {
      // it ended meanwhile
    }
  return found;
}

function resident(pids: readonly number[]): Map<number, number> {
  if (pids.length === 0) return new Map();
  const table = execFileSync("ps", ["-o", "pid=,rss=", "-p", pids.join(",")], { encoding: "utf8" });
  return new Map(
    table
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]),
  );
}
