import { setTimeout as sleep } from "node:timers/promises";
import { heldExecutions } from "../engine/lock.ts";
import { wishForPause } from "../engine/pause.ts";
import { listExecutions } from "../engine/record.ts";
import type { ExecutionState } from "../engine/state.ts";
import { whoActs } from "../engine/who.ts";
import { detailsOf } from "../runbooks/details.ts";
import { exitCode, reportError, UsageError } from "./exit.ts";
import { executionNamed } from "./find-execution.ts";
import { findTarget } from "./find-target.ts";
import type { PauseFlags } from "./register-approvals.ts";

/** `castle pause`. @returns the exit code */
export async function pauseCommand(name: string, flags: PauseFlags): Promise<number> {
  try {
    const because = flags.because.trim();
    if (because === "") throw new UsageError('--because is empty: say why, as in --because "wait for me"');
    const { runsFolder } = await findTarget(flags, { recordsOnly: true });
    const { id, finished } = executionNamed(name, await listExecutions(runsFolder));
    if (finished) throw new UsageError(`${id} is over: ${finished.outcome}`);
    if (!(await heldExecutions(runsFolder)).has(id))
      throw new UsageError(`nobody runs ${id} at this moment: there is nothing to pause`);
    await wishForPause(runsFolder, id, whoActs(), because);
    if (!flags.json) process.stdout.write(`${id} is asked to stop behind the step at work\n`);
    return tell(await ended(runsFolder, id), flags.json ?? false);
  } catch (error) {
    return reportError(error);
  }
}

/** A step takes its time; it is waited for as long as somebody runs it. */
async function ended(runsFolder: string, id: string): Promise<ExecutionState> {
  for (;;) {
    const isHeld = (await heldExecutions(runsFolder)).has(id);
    const state = executionNamed(id, await listExecutions(runsFolder));
    if (!isHeld || state.finished) return state;
    await sleep(100);
  }
}

function tell(state: ExecutionState, json: boolean): number {
  const { id, paused, stopped, finished } = state;
  if (json) process.stdout.write(`${JSON.stringify({ id, paused, stopped, finished })}\n`);
  else if (paused)
    process.stdout.write(`paused, ${id}. ${detailsOf(state, null, Date.now()).goOn.join(". ")}\n`);
  else
    process.stdout.write(
      `${id} ended before it could be paused: ${finished?.outcome ?? stopped ?? "its runner is gone"}\n`,
    );
  return paused ? exitCode.good : exitCode.failed;
}
