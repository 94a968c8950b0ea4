import { branchesOf, isApproval, namedPartsOf, type Part, type Runbook } from "../engine/runbook.ts";
import type { Call } from "../engine/step.ts";
import { type Expected, totalMs } from "./durations.ts";
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

export interface Rehearsal {
  /** In the runbook's order; none when the request would be refused. */
  readonly steps: readonly DryStep[];
  /** By the longest way through the steps of which something is known, in milliseconds. */
  readonly expectedMs: number;
  /** Steps that would run, and of whose duration nothing is known. */
  readonly unknown: readonly string[];
  /** Nothing stands in the way: it would not be refused, and no step it needs is blocked or could not be judged. */
  readonly clear: boolean;
}

/** Of a request that would be refused. */
export const NO_REHEARSAL: Rehearsal = { steps: [], expectedMs: 0, unknown: [], clear: false };

export interface Rehearsed<Context> {
  readonly runbook: Runbook<Context>;
  /** Taken away from it is everything by which something could be changed. */
  readonly context: Context;
  /** Steps that an execution to be continued has behind it. */
  readonly settled: ReadonlySet<string>;
  /** By the step's name: see expectedDurations. */
  readonly expected: ReadonlyMap<string, Expected>;
  readonly regionOf: (where: Call["in"]) => string;
}

/** What a run would do at each step, were it to begin now. Asks the steps' checks, and nothing else of them. */
export async function rehearse<Context>({
  runbook,
  context,
  settled,
  expected,
  regionOf,
}: Rehearsed<Context>): Promise<Rehearsal> {
  const looks = await Promise.all(runbook.parts.map((part) => lookAtPart(part, context)));
  const judgements = judge(runbook, new Map(looks.flat()), settled);
  const steps = namedPartsOf(runbook).map((step): DryStep => {
    const judgement = judgements.find((found) => found.step === step.name);
    if (!judgement) throw new Error(`${step.name} was not judged`);
    const { purpose } = step;
    if (isApproval(step))
      return { ...judgement, purpose, calls: [], expected: null, timeoutMs: null, bestEffort: false };
    const idle = isIdle(judgement.verdict);
    const { bestEffort = false } = step;
    const calls = (step.calls ?? []).map(({ service, operation, reads, in: where }) => ({
      ...{ service, operation, reads, region: regionOf(where) },
    }));
    return {
      ...judgement,
      purpose,
      calls: idle ? [] : calls,
      expected: idle ? null : (expected.get(step.name) ?? null),
      timeoutMs: step.timeout.ms,
      bestEffort: typeof bestEffort === "boolean" ? bestEffort : bestEffort(context),
    };
  });
  return {
    steps,
    expectedMs: totalMs(runbook, (name) => steps.find(({ step }) => step === name)?.expected?.ms ?? 0),
    unknown: steps
      .filter(({ verdict, expected, timeoutMs }) => !isIdle(verdict) && !expected && timeoutMs !== null)
      .map(({ step }) => step),
    clear: steps.every(({ verdict, bestEffort }) => bestEffort || isClear(verdict)),
  };
}

/** Looks at every step and approval of the part; a condition of the whole part is one of each of its steps. */
async function lookAtPart<Context>(
  part: Part<Context>,
  context: Context,
): Promise<(readonly [string, Look])[]> {
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
