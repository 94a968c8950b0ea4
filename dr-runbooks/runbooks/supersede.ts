import { ExecutionBusy, ExecutionLock } from "../engine/lock.ts";
import { ExecutionRecord, RecordInvalid } from "../engine/record.ts";
import type { Runs } from "./claimed.ts";

/** Closes the record of an execution whose role went elsewhere. One that is still running finds that out by itself. */
export async function supersede({ folder, keyFile }: Runs, old: string, by: string): Promise<void> {
  const lock = await lockUnlessBusy(folder, old);
  if (lock === "busy") return;
  try {
    const record = await ExecutionRecord.open(folder, old, keyFile);
    if (!record.state.finished)
      await record.append(
        { kind: "finished", at: Date.now(), outcome: "superseded", because: `superseded by ${by}` },
        { durable: true },
      );
    await record.close();
  } catch (error) {
    // One that was altered stays as it is, for castle evidence verify to tell: no failover waits for it.
    if (!(error instanceof RecordInvalid)) throw error;
  } finally {
    await lock.release();
  }
}

async function lockUnlessBusy(folder: string, id: string): Promise<ExecutionLock | "busy"> {
  try {
    return await ExecutionLock.acquire(folder, id, { claimed: true });
  } catch (error) {
    if (error instanceof ExecutionBusy) return "busy";
    throw error;
  }
}
