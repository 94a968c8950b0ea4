import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { ANSWERS_WITHIN, orUnreachable } from "../cells/reachable.ts";
import { type ClaimTold, claimHeld, tellClaim } from "../engine/held-by.ts";
import { heldExecutions } from "../engine/lock.ts";
import { listExecutions } from "../engine/record.ts";
import { summaryOf } from "../engine/summary.ts";
import { detailsOf } from "../runbooks/details.ts";
import type { Target } from "../target.ts";
import { exitCode, reportError, warn } from "./exit.ts";
import { executionNamed } from "./find-execution.ts";
import { findTarget } from "./find-target.ts";
import type { RunsFlags } from "./register-runs.ts";
import { tellDetails, tellSummaries } from "./tell-runs.ts";

/** `castle runs`. @returns the exit code */
export async function runsCommand(flags: RunsFlags): Promise<number> {
  try {
    const { target, executions, held } = await look(flags);
    const claim = await orUnreachable(claimAt(target), ANSWERS_WITHIN);
    const now = Date.now();
    const summaries = executions.map((state, index) => ({
      number: executions.length - index,
      ...summaryOf(state, held.has(state.id), now),
      holdsClaim: "unreachable" in claim ? null : claim.held?.execution === state.id,
    }));
    tell(flags, summaries, () => tellSummaries(summaries));
    // Of an execution on another machine, too: its record may not be here.
    if ("unreachable" in claim) warn([`who holds the claim cannot be told: ${claim.unreachable}`]);
    else if (claim.held) warn([tellClaim(claim.held, now)]);
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
  const target = await findTarget(flags, { recordsOnly: true });
  const { runsFolder } = target;
  const executions = await listExecutions(runsFolder);
  const held = executions.length === 0 ? new Map() : await heldExecutions(runsFolder);
  return { target, executions, held };
}

async function claimAt(target: Target): Promise<{ readonly held: ClaimTold | null }> {
  const witness = new DynamoWitness(target.witness);
  try {
    return { held: await claimHeld(witness.claims, (await witness.read()).epoch) };
  } finally {
    witness.close();
  }
}

function tell({ json }: RunsFlags, value: unknown, inWords: () => readonly string[]): void {
  for (const line of json ? [JSON.stringify(value)] : inWords()) process.stdout.write(`${line}\n`);
}
