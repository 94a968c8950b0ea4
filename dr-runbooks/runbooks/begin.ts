import { randomBytes } from "node:crypto";
import type { Witness } from "@castle/regions/witness/witness.ts";
import type { EventOf, ExecutionEvent } from "../engine/event.ts";
import { ExecutionBusy, ExecutionLock } from "../engine/lock.ts";
import { ExecutionRecord, listExecutions, RecordInvalid } from "../engine/record.ts";
import { whoActs } from "../engine/who.ts";
import { indexWhatWasKilled } from "../evidence/index-what-was-killed.ts";
import { HandoverRefused } from "./errors.ts";
import { planToGoOn } from "./go-on.ts";
import { requireNoOperation } from "./operations/locks.ts";
import { type HandoverDecision, type HandoverPlan, type HandoverRequest, planHandover } from "./plan.ts";

/** An execution that this process, and no other, may run. */
export interface BegunExecution {
  readonly id: string;
  readonly plan: HandoverPlan;
  readonly resumed: boolean;
  readonly record: ExecutionRecord;
  /** Ends this process's hold on it. */
  release(): Promise<void>;
}

type Accepted = Exclude<HandoverDecision, { kind: "refuse" }>;

/** Where executions are recorded, and with which key. */
export interface Runs {
  readonly folder: string;
  /** In the folder itself by default. */
  readonly keyFile?: string | undefined;
}

/**
 * Finds the unfinished execution of the requested handover, or begins one, and locks it.
 * @throws HandoverRefused, ExecutionBusy; the witness's errors.
 */
export async function begin(
  { only, ...request }: HandoverRequest & { readonly only?: string | undefined },
  runs: Runs,
  witness: Witness,
  onEvent: (event: ExecutionEvent) => void,
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
    const begun = await claim(decision, runs, onEvent);
    if (begun) return begun;
  }
}

/** @returns null when the execution was finished by somebody else in between. */
async function claim(
  decision: Accepted,
  runs: Runs,
  onEvent: (event: ExecutionEvent) => void,
): Promise<BegunExecution | null> {
  const { plan } = decision;
  const { folder } = runs;
  const id = decision.kind === "resume" ? decision.id : newId(plan);
  const locks: ExecutionLock[] = [];
  const lock = async (of: string): Promise<void> => {
    locks.push(await ExecutionLock.acquire(folder, of));
  };
  const releaseAll = async (): Promise<void> => {
    await Promise.all(locks.map((held) => held.release()));
  };
  try {
    await lock(id);
    // Whoever may still be running what this one takes over would do the same steps beside it.
    if (decision.kind === "start" && plan.continues !== null) await lock(plan.continues);
    // An operation on a cell writes what carries no epoch (a weight at the edge): not beside a handover.
    await requireNoOperation(folder);
    const record =
      decision.kind === "resume"
        ? await resume(decision, runs, onEvent)
        : await start(id, plan, runs, onEvent);
    if (!record) {
      await releaseAll();
      return null;
    }
    for (const old of decision.superseded) await supersede(runs, old, id, old === plan.continues);
    const release = async (): Promise<void> => {
      await record.close();
      await releaseAll();
    };
    return { id, plan, resumed: decision.kind === "resume", record, release };
  } catch (error) {
    await releaseAll();
    throw error;
  }
}

async function start(
  id: string,
  plan: HandoverPlan,
  { folder, keyFile }: Runs,
  onEvent: (event: ExecutionEvent) => void,
): Promise<ExecutionRecord> {
  const event: EventOf<"started"> = {
    kind: "started",
    at: Date.now(),
    id,
    runbook: plan.kind,
    plan,
    by: whoActs(),
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

/** Closes the record of an execution whose role went elsewhere. One that is still running finds that out by itself. */
async function supersede({ folder, keyFile }: Runs, old: string, by: string, locked: boolean): Promise<void> {
  const lock = locked ? null : await lockUnlessBusy(folder, old);
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
    await lock?.release();
  }
}

async function lockUnlessBusy(folder: string, id: string): Promise<ExecutionLock | "busy"> {
  try {
    return await ExecutionLock.acquire(folder, id);
  } catch (error) {
    if (error instanceof ExecutionBusy) return "busy";
    throw error;
  }
}

/** Told by its name: what, into which epoch, where, when; and unlike any other that begins in the same second. */
function newId({ kind, epoch, to }: HandoverPlan): string {
  const second = new Date().toISOString().slice(0, 19).replace(/[-:]/g, "");
  return `${kind}-${epoch}-${to}-${second}-${randomBytes(3).toString("hex")}`;
}
