import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { ACCELERATOR_REGION, awsClients } from "../clients.ts";
import { listExecutions } from "../engine/record.ts";
import { branchesOf, isApproval, namedPartsOf, type Part, type Runbook } from "../engine/runbook.ts";
import type { Call } from "../engine/step.ts";
import { type Handover, handoverCell } from "../handover.ts";
import { measureExposure } from "../runbooks/exposure.ts";
import { failover } from "../runbooks/failover.ts";
import type { HandoverDecision, HandoverKind, HandoverPlan, HandoverRequest } from "../runbooks/plan.ts";
import { previewHandover } from "../runbooks/preview.ts";
import { switchover } from "../runbooks/switchover.ts";
import type { Target } from "../target.ts";
import { type Expected, expectedDurations, totalMs } from "./durations.ts";
import { handsOff, readOnlyTarget } from "./hands-off.ts";
import { type Look, lookAt, lookAtCondition } from "./look.ts";
import { isClear, isIdle, type Judgement, judge } from "./verdict.ts";

/** A step, or an approval. */
export interface DryStep extends Judgement {
  readonly purpose: string;
  /** What it would ask of AWS, and in which region; none for a step that is done. */
  readonly calls: readonly (Pick<Call, "service" | "operation" | "reads"> & { readonly region: string })[];
  /** null when nothing is known, or nothing would be done. */
  readonly expected: Expected | null;
  /** null of an approval: it waits for whoever is asked. */
  readonly timeoutMs: number | null;
  /** The runbook would go on without it. */
  readonly bestEffort: boolean;
}

export interface DryRun {
  readonly target: string;
  readonly request: HandoverRequest;
  readonly decision: HandoverDecision;
  /** What it may lose, in words; a line each. */
  readonly exposure: readonly string[];
  /** In the runbook's order; none when the request would be refused. */
  readonly steps: readonly DryStep[];
  /** By the longest way through the steps of which something is known, in milliseconds. */
  readonly expectedMs: number;
  /** Steps that would run, and of whose duration nothing is known. */
  readonly unknown: readonly string[];
  /** Nothing stands in the way: it would not be refused, and no step it needs is blocked or could not be judged. */
  readonly clear: boolean;
}

const runbooks: Readonly<Record<HandoverKind, Runbook<Handover>>> = { failover, switchover };

/**
 * What a request would come to, step by step, were it carried out now. Looks, and changes nothing: databases are asked
 * read-only, and whatever could change something else is taken away from the steps. @throws the witness's errors.
 */
export async function previewDryRun(target: Target, request: HandoverRequest): Promise<DryRun> {
  const [{ decision, exposure, usual }, executions] = await Promise.all([
    previewHandover(target, request),
    listExecutions(target.runsFolder),
  ]);
  const told = { target: target.name, request, decision, exposure };
  if (decision.kind === "refuse") return { ...told, steps: [], expectedMs: 0, unknown: [], clear: false };

  const runbook = runbooks[decision.plan.kind];
  const continued = executions.find(({ id }) => decision.kind === "resume" && id === decision.id);
  const settled = new Set(
    decision.kind === "resume" && decision.from === "last-step"
      ? continued?.settled.map(({ step }) => step)
      : [],
  );
  const looks = await lookAtAll(target, decision, runbook);
  const judgements = judge(runbook, looks, settled);
  const expected = expectedDurations(usual);
  const steps = namedPartsOf(runbook).map((step): DryStep => {
    const judgement = judgements.find((found) => found.step === step.name);
    if (!judgement) throw new Error(`${step.name} was not judged`);
    const { purpose } = step;
    if (isApproval(step))
      return { ...judgement, purpose, calls: [], expected: null, timeoutMs: null, bestEffort: false };
    const idle = isIdle(judgement.verdict);
    const { bestEffort = false } = step;
    return {
      ...judgement,
      purpose,
      calls: idle ? [] : (step.calls ?? []).map((call) => located(call, target, decision.plan)),
      expected: idle ? null : (expected.get(step.name) ?? null),
      timeoutMs: step.timeout.ms,
      bestEffort: typeof bestEffort === "boolean" ? bestEffort : decision.plan.consentToLoss,
    };
  });
  return {
    ...told,
    steps,
    expectedMs: totalMs(runbook, (name) => steps.find(({ step }) => step === name)?.expected?.ms ?? 0),
    unknown: steps
      .filter(({ verdict, expected, timeoutMs }) => !isIdle(verdict) && !expected && timeoutMs !== null)
      .map(({ step }) => step),
    clear: steps.every(({ verdict, bestEffort }) => bestEffort || isClear(verdict)),
  };
}

async function lookAtAll(
  target: Target,
  decision: Exclude<HandoverDecision, { kind: "refuse" }>,
  runbook: Runbook<Handover>,
): Promise<ReadonlyMap<string, Look>> {
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
    return new Map(
      (await Promise.all(runbook.parts.map((part) => lookAtPart(part, handsOff(context))))).flat(),
    );
  } finally {
    witness.close();
    aws.close();
    await Promise.all([context.from.cell.close(), context.to.cell.close()]);
  }
}

/** Looks at every step and approval of the part; a condition of the whole part is one of each of its steps. */
async function lookAtPart(part: Part<Handover>, context: Handover): Promise<(readonly [string, Look])[]> {
  const whole = await lookAtCondition(part, context);
  if (isApproval(part)) return [[part.name, { done: false, ready: true, ...whole }]];
  return Promise.all(
    branchesOf(part)
      .flat()
      .map(async (step) => {
        const own = await lookAt(step, context);
        return [step.name, (own.applies ?? true) === true ? { ...own, ...whole } : own] as const;
      }),
  );
}

function located({ service, operation, reads, in: where }: Call, target: Target, plan: HandoverPlan) {
  const regions: Readonly<Record<Call["in"], string>> = {
    target: plan.to,
    old: plan.from,
    witness: target.witness.region,
    accelerator: ACCELERATOR_REGION,
  };
  return { service, operation, reads, region: regions[where] };
}
