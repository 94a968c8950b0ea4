import { randomBytes } from "node:crypto";
import type { Witness } from "@castle/regions/witness/witness.ts";
import { claimExecution } from "../engine/claim-execution.ts";
import type { EventOf, ExecutionEvent } from "../engine/event.ts";
import type { ClaimWitness, HeldClaim } from "../engine/held-claim.ts";
import { ExecutionLock } from "../engine/lock.ts";
import type { Mandate } from "../engine/mandate.ts";
import { ExecutionRecord, listExecutions } from "../engine/record.ts";
import { whoActs } from "../engine/who.ts";
import { indexWhatWasKilled } from "../evidence/index-what-was-killed.ts";
import type { Objectives } from "../objectives.ts";
import { HandoverRefused } from "./errors.ts";
import { planToGoOn } from "./go-on.ts";
import { type HandoverDecision, type HandoverPlan, type HandoverRequest, planHandover } from "./plan.ts";
import { supersede } from "./supersede.ts";

/** An execution that this process, and no other, may run. */
export interface BegunExecution {
  readonly id: string;
  readonly plan: HandoverPlan;
  readonly resumed: boolean;
  readonly record: ExecutionRecord;
  /** To be asked before anything is done. */
  readonly mandate: Mandate;
  /** Ends this process's hold on it. */
  release(): Promise<void>;
}

type Accepted = Exclude<HandoverDecision, { kind: "refuse" }>;

/** Where executions are recorded, and with which key. */
export interface Runs {
  readonly folder: string;
  /** In the folder itself by default. */
  readonly keyFile?: string | undefined;
  /** Recorded with an execution's beginning. */
  readonly objectives?: Objectives | undefined;
}

/**
 * Finds the unfinished execution of the requested handover, or begins one, and claims it: no other execution acts beside
 * it, wherever it is run. @param onAwaiting told what another's claim makes it wait for.
 * @throws HandoverRefused, ExecutionClaimed, ExecutionBusy; the witness's errors.
 */
export async function begin(
  { only, ...request }: HandoverRequest & { readonly only?: string | undefined },
  runs: Runs,
  witness: Witness & ClaimWitness,
  onEvent: (event: ExecutionEvent) => void,
  onAwaiting: (what: string) => void = () => undefined,
): Promise<BegunExecution> {
  for (;;) {
    const executions = await listExecutions(runs.folder);
    await indexWhatWasKilled(runs, executions);
    const record = await witness.read();
    const decision =
      only === undefined
        ? planHandover(request, record, executions)
        : planToGoOn(only, request, record, executions);
    if (decision.kind === "refuse") throw new HandoverRefused(decision.refusal, decision.because);
    const { plan } = decision;
    const id = decision.kind === "resume" ? decision.id : newId(plan);
    const { epoch } = record;
    const claim = await claimExecution(
      witness,
      { execution: id, runbook: plan.kind, epoch, begins: plan.epoch },
      { onAwaiting },
    );
    // Whoever had the claim before may have moved the role: then this was decided on what is history.
    const begun = await underClaim(claim, async () =>
      (await witness.read()).epoch === epoch ? claimed(id, decision, claim, runs, onEvent) : null,
    );
    if (begun) return begun;
  }
}

/** Lets the claim go when nothing came of what it was for. */
export async function underClaim<Begun>(
  claim: HeldClaim,
  begin: () => Promise<Begun | null>,
): Promise<Begun | null> {
  let begun: Begun | null = null;
  try {
    begun = await begin();
    return begun;
  } finally {
    if (!begun) await claim.release();
  }
}

/** @returns null when the execution was finished by somebody else in between. */
async function claimed(
  id: string,
  decision: Accepted,
  claim: HeldClaim,
  runs: Runs,
  onEvent: (event: ExecutionEvent) => void,
): Promise<BegunExecution | null> {
  const { plan } = decision;
  const lock = await ExecutionLock.acquire(runs.folder, id, { claimed: true });
  try {
    const record =
      decision.kind === "resume"
        ? await resume(decision, runs, onEvent)
        : await start(id, plan, runs, onEvent);
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
    return { id, plan, resumed: decision.kind === "resume", record, mandate: claim, release };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function start(
  id: string,
  plan: HandoverPlan,
  { folder, keyFile, objectives }: Runs,
  onEvent: (event: ExecutionEvent) => void,
): Promise<ExecutionRecord> {
  const event: EventOf<"started"> = {
    kind: "started",
    at: Date.now(),
    id,
    runbook: plan.kind,
    plan,
    by: whoActs(),
    ...(objectives ? { objectives } : {}),
  };
  const record = await ExecutionRecord.create(folder, event, keyFile);
  onEvent(event);
  return record;
}

async function resume(
  { id, plan, from }: Extract<Accepted, { kind: "resume" }>,
  { folder, keyFile }: Runs,
  onEvent: (event: ExecutionEvent) => void,
): Promise<ExecutionRecord | null> {
  const record = await ExecutionRecord.open(folder, id, keyFile);
  if (record.state.finished) {
    await record.close();
    return null;
  }
  const event: EventOf<"resumed"> = { kind: "resumed", at: Date.now(), from, plan, by: whoActs() };
  await record.append(event, { durable: true });
  onEvent(event);
  return record;
}

/** Told by its name: what, into which epoch, where, when; and unlike any other that begins in the same second. */
function newId({ kind, epoch, to }: HandoverPlan): string {
  const second = new Date().toISOString().slice(0, 19).replace(/[-:]/g, "");
  return `${kind}-${epoch}-${to}-${second}-${randomBytes(3).toString("hex")}`;
}
