import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ExecutionBusy } from "../../engine/lock.ts";
import { lives, type ProcessIdentity, processIdentitySchema } from "../../engine/process-identity.ts";

/** Whoever operates on a cell holds it: one at a time. */
export const OPERATION_LOCK = "operation";

interface HeldLock {
  readonly id: string;
  readonly holder: ProcessIdentity;
  readonly path: string;
}

/**
 * Keeps operations and handovers apart. Each takes its own lock first and looks for the other's then: of two that begin
 * at the same moment, at least one sees the other.
 * @throws ExecutionBusy when a handover is being run.
 */
export async function requireNoHandover(folder: string): Promise<void> {
  for (const { id, holder, path } of await heldLocks(folder))
    if (id !== OPERATION_LOCK) throw new ExecutionBusy(id, holder, path);
}

/** The other half of it. @throws ExecutionBusy when a cell is being isolated or brought back. */
export async function requireNoOperation(folder: string): Promise<void> {
  for (const { id, holder, path } of await heldLocks(folder))
    if (id === OPERATION_LOCK) throw new ExecutionBusy(id, holder, path);
}

/** Locks whose holder lives. Looks, and takes none: two handovers that look must not see each other's looking. */
async function heldLocks(folder: string): Promise<HeldLock[]> {
  const held: HeldLock[] = [];
  for (const name of await readdir(folder)) {
    const [, id] = /^(.+)\.lock-\d+$/.exec(name) ?? [];
    if (id === undefined) continue;
    const path = join(folder, name);
    const holder = await holderOf(path);
    if (holder && lives(holder)) held.push({ id, holder, path });
  }
  return held;
}

/** null: it was released meanwhile. */
async function holderOf(path: string): Promise<ProcessIdentity | null> {
  try {
    return processIdentitySchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
