import { randomBytes } from "node:crypto";
import type { Witness } from "@castle/regions/witness/witness.ts";
import type { EventOf, ExecutionEvent } from "../../engine/event.ts";
import { ExecutionLock } from "../../engine/lock.ts";
import { ExecutionRecord, listExecutions } from "../../engine/record.ts";
import { whoActs } from "../../engine/who.ts";
import type { Runs } from "../begin.ts";
import { OperationRefused } from "./errors.ts";
import { OPERATION_LOCK, requireNoHandover } from "./locks.ts";
import { type OperationDecision, type OperationPlan, type OperationRequest, planOperation } from "./plan.ts";

/** An execution that this process, and no other, may run. */
export interface BegunOperation {
  readonly id: string;
  readonly plan: OperationPlan;
  readonly resumed: boolean;
  readonly record: ExecutionRecord;
  release(): Promise<void>;
}

/**
 * Finds the unfinished execution of the requested operation, or begins one. It holds the one lock of all operations.
 * @throws OperationRefused, ExecutionBusy; the witness's errors.
 */
export async function beginOperation(
  request: OperationRequest,
  runs: Runs,
  witness: Pick<Witness, "read">,
  onEvent: (event: ExecutionEvent) => void,
): Promise<BegunOperation> {
  const { folder } = runs;
  const locks = [await ExecutionLock.acquire(folder, OPERATION_LOCK)];
  const releaseAll = async (): Promise<void> => {
    for (const lock of locks) await lock.release();
  };
  try {
    await requireNoHandover(folder);
    const decision = planOperation(request, await witness.read(), await listExecutions(folder));
    if (decision.kind === "refuse") throw new OperationRefused(decision.because);
    const id = decision.kind === "resume" ? decision.id : newId(decision.plan);
    locks.push(await ExecutionLock.acquire(folder, id));
    const record = await recordOf(decision, id, runs, onEvent);
    for (const old of decision.superseded) await supersede(runs, old, id);
    const release = async (): Promise<void> => {
      await record.close();
      await releaseAll();
    };
    return { id, plan: decision.plan, resumed: decision.kind === "resume", record, release };
  } catch (error) {
    await releaseAll();
    throw error;
  }
}

async function recordOf(
  { kind, plan }: Exclude<OperationDecision, { kind: "refuse" }>,
  id: string,
  { folder, keyFile }: Runs,
  onEvent: (event: ExecutionEvent) => void,
): Promise<ExecutionRecord> {
  const what = { at: Date.now(), plan, by: whoActs() };
  if (kind === "start") {
    const started: EventOf<"started"> = { kind: "started", id, runbook: plan.kind, ...what };
    const record = await ExecutionRecord.create(folder, started, keyFile);
    onEvent(started);
    return record;
  }
  const record = await ExecutionRecord.open(folder, id, keyFile);
  const resumed: EventOf<"resumed"> = { kind: "resumed", from: "top", ...what };
  await record.append(resumed, { durable: true });
  onEvent(resumed);
  return record;
}

/** Nobody runs it: whoever did would hold the lock of all operations. */
async function supersede({ folder, keyFile }: Runs, old: string, by: string): Promise<void> {
  const record = await ExecutionRecord.open(folder, old, keyFile);
  await record.append(
    { kind: "finished", at: Date.now(), outcome: "superseded", because: `superseded by ${by}` },
    { durable: true },
  );
  await record.close();
}

function newId({ kind, epoch, region }: OperationPlan): string {
  const second = new Date().toISOString().slice(0, 19).replace(/[-:]/g, "");
  return `${kind}-${epoch}-${region}-${second}-${randomBytes(3).toString("hex")}`;
}
