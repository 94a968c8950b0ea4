import { HeardCalls } from "@castle/regions/calls/heard.ts";
import { peerOf } from "@castle/regions/catalogue.ts";
import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { requireCredentials } from "../../cells/credentials.ts";
import { awsClients } from "../../clients.ts";
import type { ExecutionEvent } from "../../engine/event.ts";
import { pausable } from "../../engine/pause.ts";
import type { Runbook } from "../../engine/runbook.ts";
import { run } from "../../engine/runner.ts";
import { shipped, shippedTo } from "../../evidence/bucket/shipping.ts";
import { handoverCell } from "../../handover.ts";
import type { CellRegion, Target } from "../../target.ts";
import type { Runs } from "../claimed.ts";
import { isolate } from "../isolate.ts";
import { rejoin } from "../rejoin.ts";
import { type BegunOperation, beginOperation } from "./begin.ts";
import { OperationFailed } from "./errors.ts";
import type { Operation } from "./operation.ts";
import type { OperationKind } from "./plan.ts";
import { type OperationResult, operationResultOf } from "./result.ts";

export interface OperationOptions {
  readonly target: Target;
  /** The cell it is done to. */
  readonly region: CellRegion;
  readonly onEvent?: (event: ExecutionEvent) => void;
  /** Told what is being waited for, often. */
  readonly onAwaiting?: (what: string) => void;
  /** Where executions are recorded; the target's own folder by default. */
  readonly runsFolder?: string;
  /** Aborted to stop: behind the step at work, and at once where it only waits. */
  readonly stop?: AbortSignal;
  /** Told, a line each, what of the record could not be copied to the target's buckets by the end. */
  readonly onUnshipped?: (lines: readonly string[]) => void;
}

/** The operations as data: what an operator reads, and what is run. */
export const operations: Readonly<Record<OperationKind, Runbook<Operation>>> = { isolate, rejoin };

/**
 * Takes the cell out, before it can come back by itself. Resolves once it is fenced; what else could not be done, since
 * it does not answer, is told in the result.
 * @throws OperationRefused, OperationFailed, ExecutionClaimed, ExecutionBusy; the witness's errors.
 */
export const runIsolate = (options: OperationOptions): Promise<OperationResult> =>
  operate("isolate", options);

/** Brings the cell back as standby. Resolves once both cells are paired. Otherwise as {@link runIsolate}. */
export const runRejoin = (options: OperationOptions): Promise<OperationResult> => operate("rejoin", options);

async function operate(kind: OperationKind, options: OperationOptions): Promise<OperationResult> {
  const { target, region } = options;
  requireCredentials(target, peerOf(region));
  const runs = { folder: options.runsFolder ?? target.runsFolder, keyFile: target.evidence?.keyFile };
  return shipped({ ...options, runs, regions: shippedTo[kind](region) }, (onEvent) =>
    operateRecorded(kind, runs, { ...options, onEvent }),
  );
}

async function operateRecorded(
  kind: OperationKind,
  runs: Runs,
  options: OperationOptions & Required<Pick<OperationOptions, "onEvent">>,
): Promise<OperationResult> {
  const { target, region, onEvent } = options;
  const witness = new DynamoWitness(target.witness);
  const calls = new HeardCalls();
  try {
    const begun = await calls.during(null, () =>
      beginOperation({ kind, region }, runs, witness, onEvent, options.onAwaiting),
    );
    try {
      return await execute(begun, witness, { ...options, calls });
    } finally {
      await begun.release();
    }
  } finally {
    witness.close();
  }
}

async function execute(
  { id, plan, resumed, record, mandate }: BegunOperation,
  witness: DynamoWitness,
  {
    target,
    onEvent,
    onAwaiting,
    calls,
    stop,
    runsFolder = target.runsFolder,
  }: OperationOptions & { readonly calls: HeardCalls },
): Promise<OperationResult> {
  const aws = awsClients(target);
  const cell = handoverCell(target, plan.region, aws);
  const active = handoverCell(target, peerOf(plan.region), aws);
  try {
    const ended = await pausable({ folder: runsFolder, id, stop }, (stopping) =>
      run<Operation>({
        runbook: operations[plan.kind],
        context: { id, plan, witness, cell, active, stop: stopping.stop },
        ...{ record, mandate, calls, ...stopping },
        ...(onEvent === undefined ? {} : { onEvent }),
        ...(onAwaiting === undefined ? {} : { onAwaiting }),
      }),
    );
    const result = operationResultOf(record.state, resumed);
    if (ended.outcome === "done") return result;
    throw new OperationFailed(result, ended.step, ended.error);
  } finally {
    aws.close();
    await Promise.all([cell.cell.close(), active.cell.close()]);
  }
}
