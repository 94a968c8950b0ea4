import { randomBytes } from "node:crypto";
import type { EventOf, ExecutionEvent } from "../engine/event.ts";
import type { HeldClaim } from "../engine/held-claim.ts";
import { ExecutionLock } from "../engine/lock.ts";
import type { Mandate } from "../engine/mandate.ts";
import { ExecutionRecord } from "../engine/record.ts";
import { whoActs } from "../engine/who.ts";
import type { Objectives } from "../objectives.ts";
import { supersede } from "./supersede.ts";

/** Where executions are recorded, and with which key. */
export interface Runs {
  readonly folder: string;
  /** In the folder itself by default. */
  readonly keyFile?: string | undefined;
  /** Recorded with an execution's beginning. */
  readonly objectives?: Objectives | undefined;
}

/** An execution that this process, and no other, may run. */
export interface ClaimedExecution<Plan> {
  readonly id: string;
  readonly plan: Plan;
  readonly resumed: boolean;
  readonly record: ExecutionRecord;
  /** To be asked before anything is done. */
  readonly mandate: Mandate;
  /** Ends this process's hold on it. */
  release(): Promise<void>;
}

/** What a plan must tell, whatever is planned: the runbook's name. */
type AnyPlan = { readonly kind: string };

/** What is to be begun, or gone on with, and which executions are over by that. */
export interface Decided<Plan> {
  readonly kind: "start" | "resume";
  readonly plan: Plan;
  /** From where one that is resumed goes on; the top where nothing is said. */
  readonly from?: EventOf<"resumed">["from"];
  readonly superseded: readonly string[];
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

/** @returns null when the execution was finished by somebody else in between. @throws ExecutionBusy */
export async function claimed<Plan extends AnyPlan>(
  id: string,
  decided: Decided<Plan>,
  claim: HeldClaim,
  runs: Runs,
  onEvent: (event: ExecutionEvent) => void,
): Promise<ClaimedExecution<Plan> | null> {
  const { kind, plan, superseded } = decided;
  const lock = await ExecutionLock.acquire(runs.folder, id, { claimed: true });
  try {
    const record = await (kind === "resume" ? resume : start)(id, decided, runs, onEvent);
    if (!record) {
      await lock.release();
      return null;
    }
    for (const old of superseded) await supersede(runs, old, id);
    const release = async (): Promise<void> => {
      await record.close();
      await lock.release();
      await claim.release();
    };
    return { id, plan, resumed: kind === "resume", record, mandate: claim, release };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function start<Plan extends AnyPlan>(
  id: string,
  { plan }: Decided<Plan>,
  { folder, keyFile, objectives }: Runs,
  onEvent: (event: ExecutionEvent) => void,
): Promise<ExecutionRecord> {
  const event: EventOf<"started"> = {
    ...{ kind: "started", at: Date.now(), id, runbook: plan.kind, plan: { ...plan }, by: whoActs() },
    ...(objectives ? { objectives } : {}),
  };
  const record = await ExecutionRecord.create(folder, event, keyFile);
  onEvent(event);
  return record;
}

async function resume<Plan extends AnyPlan>(
  id: string,
  { plan, from = "top" }: Decided<Plan>,
  { folder, keyFile }: Runs,
  onEvent: (event: ExecutionEvent) => void,
): Promise<ExecutionRecord | null> {
  const record = await ExecutionRecord.open(folder, id, keyFile);
  if (record.state.finished) {
    await record.close();
    return null;
  }
  const event: EventOf<"resumed"> = {
    ...{ kind: "resumed", at: Date.now(), from, plan: { ...plan }, by: whoActs() },
  };
  await record.append(event, { durable: true });
  onEvent(event);
  return record;
}

/** Told by its name: what, in which epoch, where, when; and unlike any other that begins in the same second. */
export function newId(kind: string, epoch: number, region: string): string {
  const second = new Date().toISOString().slice(0, 19).replace(/[-:]/g, "");
  return `${kind}-${epoch}-${region}-${second}-${randomBytes(3).toString("hex")}`;
}
