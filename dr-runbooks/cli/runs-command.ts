import { heldExecutions } from "../engine/lock.ts";
import { listExecutions } from "../engine/record.ts";
import { summaryOf } from "../engine/summary.ts";
import { detailsOf } from "../runbooks/details.ts";
import { exitCode, reportError } from "./exit.ts";
import { executionNamed } from "./find-execution.ts";
import { findTarget } from "./find-target.ts";
import type { RunsFlags } from "./register-runs.ts";
import { tellDetails, tellSummaries } from "./tell-runs.ts";

/** `castle runs`. @returns the exit code */
export async function runsCommand(flags: RunsFlags): Promise<number> {
  try {
    const { executions, held } = await look(flags);
    const now = Date.now();
    const summaries = executions.map((state, index) => ({
      number: executions.length - index,
      ...summaryOf(state, held.has(state.id), now),
    }));
    tell(flags, summaries, () => tellSummaries(summaries));
    return exitCode.good;
  } catch (error) {
    return reportError(error);
  }
}

/** `castle run show`. @returns the exit code */
export async function runShowCommand(name: string, flags: RunsFlags): Promise<number> {
  try {
    const { executions, held } = await look(flags);
    const state = executionNamed(name, executions);
    const details = detailsOf(state, held.get(state.id) ?? null, Date.now());
    tell(flags, details, () => tellDetails(details));
    return exitCode.good;
  } catch (error) {
    return reportError(error);
  }
}

async function look(flags: RunsFlags) {
  const { runsFolder } = await findTarget(flags, { recordsOnly: true });
  const executions = await listExecutions(runsFolder);
  const held = executions.length === 0 ? new Map() : await heldExecutions(runsFolder);
  return { executions, held };
}

function tell({ json }: RunsFlags, value: unknown, inWords: () => readonly string[]): void {
  for (const line of json ? [JSON.stringify(value)] : inWords()) process.stdout.write(`${line}\n`);
}
