import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import type { WitnessRecord } from "@castle/regions/witness/record.ts";
import { claimExecution } from "../engine/claim-execution.ts";
import type { ExecutionEvent } from "../engine/event.ts";
import { ExecutionLock } from "../engine/lock.ts";
import type { Mandate } from "../engine/mandate.ts";
import { ExecutionRecord, listExecutions } from "../engine/record.ts";
import { cancel } from "../engine/runner.ts";
import type { ExecutionState } from "../engine/state.ts";
import { shipped, shippedTo } from "../evidence/bucket/shipping.ts";
import { TAKE_THE_ROLE, takeTheRole } from "../steps/take-the-role.ts";
import type { Target } from "../target.ts";
import { ExecutionRefused } from "./errors.ts";
import { unfinishedExecution } from "./go-on.ts";
import { planHandover } from "./plan.ts";
import { runbooks, runsOf, withHandover } from "./run.ts";

export interface CancelOptions {
  readonly target: Target;
  readonly id: string;
  /** Why; stands in the record. */
  readonly because: string;
  readonly onEvent?: (event: ExecutionEvent) => void;
  /** Told, a line each, what of the record could not be copied to the target's buckets by the end. */
  readonly onUnshipped?: (lines: readonly string[]) => void;
}

/**
 * Closes an execution that has not passed its point of no return, and takes back what it did.
 * @throws ExecutionRefused, ExecutionClaimed, ExecutionBusy; the witness's errors: without it nobody can tell who has the role.
 */
export async function cancelExecution(options: CancelOptions): Promise<void> {
  const { target, id } = options;
  const runs = runsOf(target);
  const { plan } = unfinishedExecution(id, await listExecutions(runs.folder));
  await shipped({ ...options, runs, regions: shippedTo[plan.kind](plan.to) }, (onEvent) =>
    cancelRecorded({ ...options, onEvent }),
  );
}

async function cancelRecorded(options: CancelOptions): Promise<void> {
  const { target, id } = options;
  const witness = new DynamoWitness(target.witness);
  try {
    const { epoch } = await witness.read();
    const claim = await claimExecution(witness, { execution: id, runbook: "cancel", epoch, begins: null });
    await cancelUnder(claim, witness, options).finally(() => claim.release());
  } finally {
    witness.close();
  }
}

async function cancelUnder(mandate: Mandate, witness: DynamoWitness, options: CancelOptions): Promise<void> {
  const { target, id, because, onEvent = () => undefined } = options;
  const { folder, keyFile } = runsOf(target);
  const lock = await ExecutionLock.acquire(folder, id, { claimed: true });
  try {
    // Read again under the claim: it may have ended, or gone on, meanwhile.
    const { state, plan } = unfinishedExecution(id, await listExecutions(folder));
    requireBeforeTheRole(state, await witness.read(), Date.now());
    const record = await ExecutionRecord.open(folder, id, keyFile);
    try {
      const runbook = runbooks[plan.kind];
      const isClosed = await withHandover(
        target,
        { id, plan, resumed: true, witness, isApproved: () => false },
        (context) => cancel({ runbook, context, record, mandate, onEvent }, because),
      );
      if (!isClosed)
        throw new ExecutionRefused(
          `${id} stays open: not everything it did could be taken back. Cancel it again once that works`,
        );
    } finally {
      await record.close();
    }
  } finally {
    await lock.release();
  }
}

/**
 * The witness decides, not the record: a runner may have been killed between taking the role and writing it down.
 * Pure. @throws ExecutionRefused
 */
export function requireBeforeTheRole(state: ExecutionState, record: WitnessRecord, now: number): void {
  const { plan } = unfinishedExecution(state.id, [state]);
  const decision = planHandover({ ...plan, consentToLoss: true }, record, [state]);
  if (decision.kind === "resume" && decision.from === "last-step")
    throw new ExecutionRefused(
      `${state.id} has taken the role for ${plan.to}: behind its point of no return there is no way back, only on. Continue it with: castle resume ${state.id}`,
    );
  const asked = state.begun[TAKE_THE_ROLE];
  const isFree = record.epoch < plan.epoch;
  if (asked !== undefined && isFree && now - asked < takeTheRole.timeout.ms)
    throw new ExecutionRefused(
      `${state.id} asked for the role ${Math.round((now - asked) / 1_000)} s ago, and the answer may still come: cancel it ${takeTheRole.timeout} behind that, or continue it with: castle resume ${state.id}`,
    );
}
