import { setImmediate as othersFirst } from "node:timers/promises";
import { HeardCalls } from "@castle/regions/calls/heard.ts";
import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { requireCredentials } from "../cells/credentials.ts";
import { awsClients } from "../clients.ts";
import type { Approver } from "../engine/approval.ts";
import type { ExecutionEvent } from "../engine/event.ts";
import { pausable } from "../engine/pause.ts";
import type { Runbook } from "../engine/runbook.ts";
import { type Looks, run } from "../engine/runner.ts";
import { approvalIn } from "../engine/state.ts";
import { shipped, shippedTo } from "../evidence/bucket/shipping.ts";
import { type Handover, type HandoverCell, handoverCell } from "../handover.ts";
import type { LookBefore } from "../readiness/around.ts";
import type { CellRegion, Target } from "../target.ts";
import { type BegunExecution, begin } from "./begin.ts";
import type { Runs } from "./claimed.ts";
import { HandoverFailed } from "./errors.ts";
import { measureExposure } from "./exposure.ts";
import { failover } from "./failover.ts";
import type { HandoverKind } from "./plan.ts";
import { type ExecutionResult, resultOf } from "./result.ts";
import { requireSkippable, type Skip, skip } from "./skip.ts";
import { switchover } from "./switchover.ts";

export interface HandoverOptions {
  readonly target: Target;
  /** The region that is to become active. */
  readonly to: CellRegion;
  /**
   * Loss may be consented to: out of solo, and past a fence that cannot be confirmed, the approver is asked. Without it
   * such a handover is refused.
   */
  readonly consentToLoss?: boolean;
  /** Somebody has to agree before everybody may trade. */
  readonly hold?: boolean;
  /** Who is asked for approvals; nobody by default, and where one is needed the run ends. */
  readonly approver?: Approver;
  readonly onEvent?: (event: ExecutionEvent) => void;
  /** Told, often, what it waits for: another execution's claim, or what a step does. */
  readonly onAwaiting?: (what: string) => void;
  /** Where executions are recorded; the target's own folder by default. */
  readonly runsFolder?: string;
  /** Aborted to stop behind the step at work. */
  readonly stop?: AbortSignal;
  /** Goes on with this unfinished execution, or not at all. */
  readonly only?: string;
  /** Goes on without these steps. */
  readonly skip?: readonly Skip[];
  /**
   * A look at readiness that was begun before, or `true` to begin one now: what it sees, and another one behind the last
   * step, stand in the record; with `"after"` that other one alone. By default nobody looks.
   */
  readonly look?: LookBefore | boolean | "after";
  /** Told, a line each, what of the record could not be copied to the target's buckets by the end. */
  readonly onUnshipped?: (lines: readonly string[]) => void;
}

/** Where the executions of a target are recorded. */
export const runsOf = (target: Target, folder = target.runsFolder): Runs => ({
  folder,
  keyFile: target.evidence?.keyFile,
  objectives: target.objectives,
});

/** The handovers as data: what an operator reads, and what is run. */
export const runbooks: Readonly<Record<HandoverKind, Runbook<Handover>>> = { failover, switchover };

/**
 * Hands the active role to `to`, the active region being lost; or goes on with a failover that was begun. Resolves once
 * `to` is open.
 * @throws HandoverRefused, HandoverFailed, ExecutionClaimed, ExecutionBusy, WitnessUnreachable, WitnessRecordMissing, WitnessRecordInvalid
 */
export const runFailover = (options: HandoverOptions): Promise<ExecutionResult> =>
  handOver("failover", options);

/** Hands the active role to `to` without loss, both regions being well. Otherwise as {@link runFailover}. */
export const runSwitchover = (options: HandoverOptions): Promise<ExecutionResult> =>
  handOver("switchover", options);

async function handOver(kind: HandoverKind, options: HandoverOptions): Promise<ExecutionResult> {
  const { target, to } = options;
  requireSkippable(runbooks[kind], options.skip ?? []);
  return shipped(
    { ...options, runs: runsOf(target, options.runsFolder), regions: shippedTo[kind](to) },
    (onEvent) => handOverRecorded(kind, { ...options, onEvent }),
  );
}

async function handOverRecorded(
  kind: HandoverKind,
  options: HandoverOptions & Required<Pick<HandoverOptions, "onEvent">>,
): Promise<ExecutionResult> {
  const { target, to, only, consentToLoss = false, hold = false, onEvent } = options;
  requireCredentials(target, to);
  const witness = new DynamoWitness(target.witness);
  const before = await beginLook(target, options.look);
  const calls = before?.calls ?? new HeardCalls();
  try {
    const execution = await calls.during(null, () =>
      begin(
        { kind, to, consentToLoss, hold, only },
        runsOf(target, options.runsFolder),
        witness,
        onEvent,
        options.onAwaiting,
      ),
    );
    try {
      await skip(execution.record, options.skip ?? [], onEvent);
      return await execute(execution, witness, { ...options, onEvent, calls, before });
    } finally {
      await execution.release();
    }
  } finally {
    before?.giveUp();
    witness.close();
  }
}

interface Listening {
  readonly calls: HeardCalls;
  readonly before: LookBefore | null;
}

async function execute(
  execution: BegunExecution,
  witness: DynamoWitness,
  options: HandoverOptions & Required<Pick<HandoverOptions, "onEvent">> & Listening,
): Promise<ExecutionResult> {
  const { target, onEvent, onAwaiting, stop, calls, look, before, approver } = options;
  const { runsFolder = target.runsFolder } = options;
  const { id, plan, resumed, record, mandate } = execution;
  const isApproved = (approval: string): boolean => approvalIn(record.state, approval).given !== null;
  return withHandover(target, { ...execution, witness, isApproved }, async (context) => {
    const opening = new AbortController();
    let isOpening = false;
    const open = (): void => {
      if (isOpening) return;
      isOpening = true;
      void calls.during(null, () => openConnections(context.to, opening.signal));
    };
    const ended = await pausable({ folder: runsFolder, id, stop }, (stopping) =>
      run<Handover>({
        ...{ runbook: runbooks[plan.kind], context, record, mandate, calls, ...stopping },
        ...(look ? { looks: looksAround(before, target, execution) } : {}),
        onEvent: (event) => {
          onEvent(event);
          if (event.kind === "step-started") open();
        },
        ...(onAwaiting === undefined ? {} : { onAwaiting }),
        ...(approver === undefined ? {} : { approver }),
      }),
    ).finally(() => opening.abort());
    const result = resultOf(record.state, resumed);
    if (ended.outcome === "done") return result;
    throw new HandoverFailed(result, {
      step: ended.step,
      cause: ended.error,
      resumable: ended.outcome === "stopped",
    });
  });
}

/** What looks is loaded only for somebody who wants it. */
async function beginLook(target: Target, look: HandoverOptions["look"]): Promise<LookBefore | null> {
  if (look === "after" || !look) return null;
  if (look !== true) return look;
  const { LookBefore } = await import("../readiness/around.ts");
  return new LookBefore(target);
}

/** An emergency waits for no look. Of an execution that was begun before, what was before it is over. */
const looksAround = (
  before: LookBefore | null,
  target: Target,
  { plan, resumed }: BegunExecution,
): Looks => ({
  ...(resumed || !before ? {} : { before: () => before.seen({ patiently: plan.kind !== "failover" }) }),
  after: async () => (await import("../readiness/around.ts")).lookAfter(target),
});

/** Builds what steps work on, for as long as the work takes. */
export async function withHandover<Result>(
  target: Target,
  given: Pick<Handover, "id" | "plan" | "resumed" | "witness" | "isApproved">,
  work: (context: Handover) => Promise<Result>,
): Promise<Result> {
  const { plan, witness } = given;
  const aws = awsClients(target);
  const exposure = async () => measureExposure(target, plan.to, await witness.inspect(), plan.from);
  const from = handoverCell(target, plan.from, aws);
  const to = handoverCell(target, plan.to, aws);
  try {
    return await work({ ...given, exposure, from, to });
  } finally {
    aws.close();
    await Promise.all([from.cell.close(), to.cell.close()]);
  }
}

/**
 * Connects to the target beside the first step, in the order in which later ones need it, so that none of them waits for
 * it, nor for the clients to be loaded. Their failures show in the steps.
 */
async function openConnections(to: HandoverCell, stop: AbortSignal): Promise<void> {
  for (const open of [
    async () => to.cell.journal.epoch(),
    async () => to.cell.database.isWriter(),
    async () => to.globalDatabase.describe(),
    async () => to.globalCache.describe(),
    async () => to.cell.cache.role(),
  ]) {
    // Loading holds up everything: the step itself goes first, each time.
    await othersFirst();
    if (stop.aborted) break;
    open().catch(() => undefined);
  }
}
