import { readdir } from "node:fs/promises";
import { ExecutionBusy, ExecutionLock, lockedExecutions } from "../engine/lock.ts";
import { ExecutionRecord, RecordInvalid } from "../engine/record.ts";
import type { ExecutionState } from "../engine/state.ts";
import { readIndex } from "./executions-index.ts";

/**
 * Tells the index of executions whose runner was killed between the last line of their record and the index's. Such a
 * runner leaves its lock behind: an end that is missing in the index without one was removed, and stays missing.
 */
export async function indexWhatWasKilled(
  runs: { readonly folder: string; readonly keyFile?: string | undefined },
  executions: readonly ExecutionState[],
): Promise<void> {
  const finished = executions.filter((execution) => execution.finished !== null);
  if (finished.length === 0) return;
  const { folder, keyFile } = runs;
  const told = await readIndex(folder);
  const ended = new Set(told.filter(({ kind }) => kind === "ended").map(({ id }) => id));
  const locked = lockedExecutions(await readdir(folder));
  for (const { id } of finished.filter((execution) => !ended.has(execution.id) && locked.has(execution.id))) {
    const lock = await lockUnlessBusy(folder, id);
    if (!lock) continue;
    try {
      const record = await ExecutionRecord.open(folder, id, keyFile);
      await record.indexEnd().finally(() => record.close());
    } catch (error) {
      // One that was altered is the verifier's to tell: no failover waits for it.
      if (!(error instanceof RecordInvalid)) throw error;
    } finally {
      await lock.release();
    }
  }
}

/** @returns null when its runner is alive: it tells the index itself. */
async function lockUnlessBusy(folder: string, id: string): Promise<ExecutionLock | null> {
  try {
    return await ExecutionLock.acquire(folder, id);
  } catch (error) {
    if (error instanceof ExecutionBusy) return null;
    throw error;
  }
}
