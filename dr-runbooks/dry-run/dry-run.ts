import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { ACCELERATOR_REGION, awsClients } from "../clients.ts";
import { listExecutions } from "../engine/record.ts";
import type { Runbook } from "../engine/runbook.ts";
import type { Call } from "../engine/step.ts";
import { type Handover, handoverCell } from "../handover.ts";
import { measureExposure } from "../runbooks/exposure.ts";
import { failover } from "../runbooks/failover.ts";
import type { HandoverDecision, HandoverKind, HandoverRequest } from "../runbooks/plan.ts";
import { previewHandover } from "../runbooks/preview.ts";
import { switchover } from "../runbooks/switchover.ts";
import type { Target } from "../target.ts";
import { expectedDurations } from "./durations.ts";
import { handsOff, readOnlyTarget } from "./hands-off.ts";
import { NO_REHEARSAL, type Rehearsal, rehearse } from "./rehearse.ts";

/** A handover, rehearsed. */
export interface DryRun extends Rehearsal {
  readonly target: string;
  readonly request: HandoverRequest;
  readonly decision: HandoverDecision;
  /** What it may lose, in words; a line each. */
  readonly exposure: readonly string[];
}

const runbooks: Readonly<Record<HandoverKind, Runbook<Handover>>> = { failover, switchover };

/**
 * What a request would come to, step by step, were it carried out now. Looks, and changes nothing: databases are asked
 * read-only, and whatever could change something else is taken away from the steps. @throws the witness's errors.
 */
export async function previewDryRun(target: Target, request: HandoverRequest): Promise<DryRun> {
  const [preview, executions] = await Promise.all([
    previewHandover(target, request),
    listExecutions(target.runsFolder),
  ]);
  const { decision, usual } = preview;
  const told = { target: target.name, request, decision, exposure: await preview.exposure() };
  if (decision.kind === "refuse") return { ...told, ...NO_REHEARSAL };

  const { plan } = decision;
  const continued = executions.find(({ id }) => decision.kind === "resume" && id === decision.id);
  const settled = new Set(
    decision.kind === "resume" && decision.from === "last-step"
      ? continued?.settled.map(({ step }) => step)
      : [],
  );
  const regions: Readonly<Record<Call["in"], string>> = {
    ...{ target: plan.to, old: plan.from },
    ...{ witness: target.witness.region, accelerator: ACCELERATOR_REGION },
  };
  const rehearsal = await onHandover(target, decision, (context) =>
    rehearse({
      ...{ runbook: runbooks[plan.kind], context, settled, regionOf: (where) => regions[where] },
      expected: expectedDurations(usual, target.kind),
    }),
  );
  return { ...told, ...rehearsal };
}

/** What the steps of a handover work on, with everything taken away by which they could change something. */
async function onHandover(
  target: Target,
  decision: Exclude<HandoverDecision, { kind: "refuse" }>,
  look: (context: Handover) => Promise<Rehearsal>,
): Promise<Rehearsal> {
  const { plan } = decision;
  const readOnly = readOnlyTarget(target);
  const aws = awsClients(target);
  const witness = new DynamoWitness(target.witness);
  const resumed = decision.kind === "resume";
  const context: Handover = {
    id: resumed ? decision.id : "dry-run",
    plan,
    resumed,
    witness,
    // As if whoever said that loss may be consented to did so when asked.
    isApproved: () => plan.consentToLoss,
    exposure: async () => measureExposure(target, plan.to, await witness.inspect(), plan.from),
    from: handoverCell(readOnly, plan.from, aws),
    to: handoverCell(readOnly, plan.to, aws),
  };
  try {
    return await look(handsOff(context));
  } finally {
    witness.close();
    aws.close();
    await Promise.all([context.from.cell.close(), context.to.cell.close()]);
  }
}
