import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import type { ClaimHolder } from "@castle/regions/witness/claim.ts";
import { z } from "zod";

/** Tells one process from every other, also from a later one that was given the same pid. */
export const processIdentitySchema = z.object({
  host: z.string(),
  pid: z.number().int().positive(),
  /** Clock ticks from the machine's start to the process's; null where the system does not tell. */
  startedTicks: z.number().nullable(),
});

export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

export const thisProcess = (): ProcessIdentity => ({
  host: hostname(),
  pid: process.pid,
  startedTicks: startedTicks(process.pid),
});

/** Whether the process lives. One on another host cannot be asked, and counts as living. */
export function lives(identity: ProcessIdentity): boolean {
  if (identity.host !== hostname()) return true;
  if (!isRunning(identity.pid)) return false;
  const ticks = startedTicks(identity.pid);
  return ticks === null || identity.startedTicks === null || ticks === identity.startedTicks;
}

/** Whether a process of this machine has that pid now. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/**
 * Whether the process is known to have died: it ran on this very machine, and does so no more. Two machines may share a
 * host's name, so that is not asked. One of whose machine nothing is known counts as living.
 */
export const hasDied = (holder: ClaimHolder): boolean =>
  holder.machine !== null && holder.machine === thisMachine() && !lives({ ...holder, host: hostname() });

/** This machine from its start on, and the processes that can be seen here; null where the system does not tell. */
export function thisMachine(): string | null {
  try {
    const start = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${start} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return null;
  }
}

/** Field 22 of /proc/PID/stat (see proc(5)); the name in field 2 may hold spaces, so fields are counted behind it. */
function startedTicks(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const ticks = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
    return Number.isFinite(ticks) ? ticks : null;
  } catch {
    return null;
  }
}
