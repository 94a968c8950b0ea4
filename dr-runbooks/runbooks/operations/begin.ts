import { randomBytes } from "node:crypto";
import type { Witness } from "@castle/regions/witness/witness.ts";
import { claimExecution } from "../../engine/claim-execution.ts";
import type { EventOf, ExecutionEvent } from "../../engine/event.ts";
import type { ClaimWitness, HeldClaim } from "../../engine/held-claim.ts";
import { ExecutionLock } from "../../engine/lock.ts";
import type { Mandate } from "../../engine/mandate.ts";
import { ExecutionRecord, listExecutions } from "../../engine/record.ts";
import { whoActs } from "../../engine/who.ts";
import { type Runs, underClaim } from "../begin.ts";
import { supersede } from "../supersede.ts";
import { OperationRefused } from "./errors.ts";
import { type OperationDecision, type OperationPlan, type OperationRequest, planOperation } from "./plan.ts";

/** An execution that this process, and no other, may run. */
export interface BegunOperation {
  readonly id: string;
  readonly plan: OperationPlan;
  readonly resumed: boolean;
  readonly record: ExecutionRecord;
  /** To be asked before anything is done. */
  readonly mandate: Mandate;
  release(): Promise<void>;
}

type Accepted = Exclude<OperationDecision, { kind: "refuse" }>;

/**
 * Finds the unfinished execution of the requested operation, or begins one, and claims it: no other execution acts
 * beside it. @param onAwaiting told what another's claim makes it wait for.
 * @throws OperationRefused, ExecutionClaimed, ExecutionBusy; the witness's errors.
 */
export async function beginOperation(
  request: OperationRequest,
  runs: Runs,
  witness: Pick<Witness, "read"> & ClaimWitness,
  onEvent: (event: ExecutionEvent) => void,
  onAwaiting: (what: string) => void = () => undefined,
): Promise<BegunOperation> {
  for (;;) {
    const decision = planOperation(request, await witness.read(), await listExecutions(runs.folder));
    if (decision.kind === "refuse") throw new OperationRefused(decision.because);
    const { epoch } = decision.plan;
    const id = decision.kind === "resume" ? decision.id : newId(decision.plan);
    const claim = await claimExecution(
      witness,
      { execution: id, runbook: request.kind, epoch, begins: null },
      { onAwaiting },
    );
    // Whoever had the claim before may have moved the role: then this was decided on what is history.
    const begun = await underClaim(claim, async () =>
      (await witness.read()).epoch === epoch ? claimed(id, decision, claim, runs, onEvent) : null,
    );
    if (begun) return begun;
  }
}

/** @returns null when the execution was finished by somebody else in between. */
async function claimed(
  id: string,
  decision: Accepted,
  claim: HeldClaim,
  runs: Runs,
  onEvent: (event: ExecutionEvent) => void,
): Promise<BegunOperation | null> {
  const lock = await ExecutionLock.acquire(runs.folder, id, { claimed: true });
  try {
    const record = await recordOf(decision, id, runs, onEvent);
    if (!record) {
      await lock.release();
      return null;
    }
    for (const old of decision.superseded) await supersede(runs, old, id);
    const release = async (): Promise<void> => {
      await record.close();
      await lock.release();
      await claim.release();
    };
    return { id, plan: decision.plan, resumed: decision.kind === "resume", record, mandate: claim, release };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function recordOf(
  { kind, plan }: Accepted,
  id: string,
  { folder, keyFile }: Runs,
  onEvent: (event: ExecutionEvent) => void,
): Promise<ExecutionRecord | null> {
  const what = { at: Date.now(), plan, by: whoActs() };
  if (kind === "start") {
    const started: EventOf<"started"> = { kind: "started", id, runbook: plan.kind, ...what };
    const record = await ExecutionRecord.create(folder, started, keyFile);
    onEvent(started);
    return record;
  }
  const record = await ExecutionRecord.open(folder, id, keyFile);
  if (record.state.finished) {
    await record.close();
    return null;
  }
  const resumed: EventOf<"resumed"> = { kind: "resumed", from: "top", ...what };
  await record.append(resumed, { durable: true });
  onEvent(resumed);
  return record;
}

function newId({ kind, epoch, region }: OperationPlan): string {
  const second = new Date().toISOString().slice(0, 19).replace(/[-:]/g, "");
  return `${kind}-${epoch}-${region}-${second}-${randomBytes(3).toString("hex")}`;
}
