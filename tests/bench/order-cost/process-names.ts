import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { CpuTimes } from "./cpu-time.ts";

/** What each process is called in the accounts, by pid. */
export type ProcessNames = ReadonlyMap<number, string>;

const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));

/** Programs of the lab that no part of it lists, by their entry file. */
const KNOWN_ENTRIES: Readonly<Record<string, string>> = {
  "lab/network/main.ts": "link and edge",
  "lab/reaper/main.ts": "reaper",
};

/** The names, and one for each further child of `root`: after the file that it runs. */
export function withOtherChildren(names: ProcessNames, times: CpuTimes, root: number): ProcessNames {
  const all = new Map(names);
  for (const { pid, parent } of times.values())
    if (parent === root && !names.has(pid)) all.set(pid, nameOfProgram(pid));
  return all;
}

function nameOfProgram(pid: number): string {
  const [program = "", ...args] = commandLine(pid);
  const entry = args.find((argument) => /\.[jt]s$/.test(argument) && !argument.startsWith("-"));
  if (entry === undefined) return program === "" ? "ended" : program;
  const path = relative(REPOSITORY, entry);
  return KNOWN_ENTRIES[path] ?? path;
}

/** Empty for a process that has ended. */
function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}
