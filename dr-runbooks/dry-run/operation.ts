import { peerOf } from "@castle/regions/catalogue.ts";
import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { ACCELERATOR_REGION, awsClients } from "../clients.ts";
import { listExecutions } from "../engine/record.ts";
import type { Call } from "../engine/step.ts";
import { usualDurations } from "../engine/usual-durations.ts";
import { handoverCell } from "../handover.ts";
import type { Operation } from "../runbooks/operations/operation.ts";
import { type OperationDecision, type OperationRequest, planOperation } from "../runbooks/operations/plan.ts";
import { operations } from "../runbooks/operations/run.ts";
import type { Target } from "../target.ts";
import { expectedDurations } from "./durations.ts";
import { handsOffCell, readOnlyTarget } from "./hands-off.ts";
import { NO_REHEARSAL, type Rehearsal, rehearse } from "./rehearse.ts";

/** An operation on the cell that does not hold the role, rehearsed. */
export interface OperationDryRun extends Rehearsal {
  readonly target: string;
  readonly request: OperationRequest;
  readonly decision: OperationDecision;
}

/** As previewDryRun, of an operation. @throws the witness's errors. */
export async function previewOperationDryRun(
  target: Target,
  request: OperationRequest,
): Promise<OperationDryRun> {
  const witness = new DynamoWitness(target.witness);
  const aws = awsClients(target);
  const readOnly = readOnlyTarget(target);
  const cell = handoverCell(readOnly, request.region, aws);
  const active = handoverCell(readOnly, peerOf(request.region), aws);
  try {
    const [record, executions] = await Promise.all([witness.read(), listExecutions(target.runsFolder)]);
    const decision = planOperation(request, record, executions);
    const told = { target: target.name, request, decision };
    if (decision.kind === "refuse") return { ...told, ...NO_REHEARSAL };

    const context: Operation = {
      id: decision.kind === "resume" ? decision.id : "dry-run",
      plan: decision.plan,
      witness: { read: () => witness.read() },
      cell: handsOffCell(cell),
      active: handsOffCell(active),
      stop: new AbortController().signal,
    };
    const regions: Readonly<Record<Call["in"], string>> = {
      // Its control planes are asked where the active cell is: see aws/calls.ts.
      ...{ target: active.region, old: cell.region },
      ...{ witness: target.witness.region, accelerator: ACCELERATOR_REGION },
    };
    const rehearsal = await rehearse({
      ...{ runbook: operations[request.kind], context, settled: new Set<string>() },
      expected: expectedDurations(usualDurations(executions, request.kind), target.kind),
      regionOf: (where) => regions[where],
    });
    return { ...told, ...rehearsal };
  } finally {
    witness.close();
    aws.close();
    await Promise.all([cell.cell.close(), active.cell.close()]);
  }
}
