import { statfsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { formatBytes, formatMs } from "@castle/dr-runbooks/report/format.ts";
import { readProc } from "./read-proc.ts";

/** What a machine has free for a lab. null where its system does not tell. */
export interface MachineMeans {
  readonly cores: number;
  readonly memoryBytes: number;
  /** On the disk that the lab's folder is on. */
  readonly diskBytes: number;
  /** How many files and sockets a process may have open. */
  readonly openFiles: number | null;
  /** The median of small writes; null where it was not measured. */
  readonly fsyncMs: number | null;
}

/** What a lab needs. */
export interface MachineNeeds {
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly openFiles: number;
  /** For figures of speed that mean something; null where speed is not judged. */
  readonly speed: { readonly cores: number; readonly fsyncMs: number } | null;
}

/** Four PostgreSQL servers with the log that each may keep (servers/postgres-settings.ts), copies and the traders' records. */
const DISK_BYTES = 3 * 2 ** 30;
/** Sockets of the network's process: two for each connection, of which a patient trader keeps two. */
const OPEN_FILES_PER_ACCOUNT = 4;
const OPEN_FILES = 1_024;
/** An acknowledgement waits for two commits and a round trip, one after the other. */
const FSYNC_MS = 15;

/** @param memoryBytes what the lab may take. @param judgeSpeed whether figures of speed count */
export const labNeeds = ({
  accounts,
  memoryBytes,
  judgeSpeed,
}: {
  readonly accounts: number;
  readonly memoryBytes: number;
  readonly judgeSpeed: boolean;
}): MachineNeeds => ({
  ...{ memoryBytes, diskBytes: DISK_BYTES },
  openFiles: OPEN_FILES + OPEN_FILES_PER_ACCOUNT * accounts,
  speed: judgeSpeed ? { cores: 2, fsyncMs: FSYNC_MS } : null,
});

/** @throws Error when there is no such folder */
export function readMeans(folder: string, fsyncMs: number | null): MachineMeans {
  const { bavail, bsize } = statfsSync(folder);
  return {
    cores: availableParallelism(),
    memoryBytes: process.availableMemory(),
    diskBytes: bavail * bsize,
    openFiles: openFilesLimit(readProc("self/limits")),
    fsyncMs,
  };
}

/** Of the text of /proc/<pid>/limits; null when it does not tell, Infinity when there is none. */
export function openFilesLimit(text: string | null): number | null {
  const limit = /^Max open files\s+(\S+)/m.exec(text ?? "")?.[1];
  if (limit === undefined) return null;
  return limit === "unlimited" ? Number.POSITIVE_INFINITY : Number(limit);
}

/** What keeps a lab from working on the machine, each with its remedy; empty when it will do. Pure. */
export function unmetNeeds(means: MachineMeans, needs: MachineNeeds, folder: string): string[] {
  const { speed } = needs;
  const unmet: string[] = [];
  if (means.memoryBytes < needs.memoryBytes)
    unmet.push(
      `${formatBytes(means.memoryBytes)} of memory are free, and a lab takes up to ${formatBytes(needs.memoryBytes)}: end what else uses memory, or give the machine more`,
    );
  if (means.diskBytes < needs.diskBytes)
    unmet.push(
      `${formatBytes(means.diskBytes)} are free below ${folder}, and a lab takes up to ${formatBytes(needs.diskBytes)}: make room there, or name another disk with TMPDIR=/path`,
    );
  if (means.openFiles !== null && means.openFiles < needs.openFiles)
    unmet.push(
      `a process may open ${means.openFiles} files, and this drill needs ${needs.openFiles}: raise the limit with \`ulimit -n ${needs.openFiles}\`, or ask for fewer traders with --accounts`,
    );
  if (!speed) return unmet;
  if (means.cores < speed.cores)
    unmet.push(
      `this process may use ${means.cores} core, and figures of speed hold from ${speed.cores} on: give the machine more, or play a story that is not judged by speed (castle drill --list)`,
    );
  if (means.fsyncMs !== null && means.fsyncMs > speed.fsyncMs)
    unmet.push(
      `a small write takes ${formatMs(means.fsyncMs)} (median) to be on the disk below ${folder}, where an order waits for two and ${formatMs(speed.fsyncMs)} each is the most: name a faster disk with TMPDIR=/path, or wait until whoever uses this one is done`,
    );
  return unmet;
}

/** The machine will not do for a lab. The message says in what, and what to do, a line each. */
export class MachineUnfit extends Error {
  constructor(unmet: readonly string[]) {
    super(
      `this machine will not do, and nothing was started:\n${unmet.map((need) => `  ${need}`).join("\n")}`,
    );
    this.name = "MachineUnfit";
  }
}
