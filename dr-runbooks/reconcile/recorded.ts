import { cellRegions } from "@castle/regions/catalogue.ts";
import { z } from "zod";
import type { ExecutionState } from "../engine/state.ts";
import { type HandoverPlan, handoverPlanSchema } from "../runbooks/plan.ts";
import { TAKE_THE_ROLE } from "../steps/take-the-role.ts";
import type { CellRegion } from "../target.ts";
import type { Reconciliation } from "./reconcile.ts";
import { tailSchema } from "./tail.ts";

export const RECONCILE = "reconcile";
export const COMPARE = "compare";

/** What a recorded reconciliation is about. */
export const reconcilePlanSchema = z.object({
  kind: z.literal(RECONCILE),
  /** The survivor's region, and its epoch. */
  region: z.enum(cellRegions),
  epoch: z.number().int().positive(),
  /** The epoch in which the old writer wrote last. */
  wroteIn: z.number().int().nonnegative(),
  /** The execution that ended the old writer's epoch; null when the records know of none. */
  handover: z.string().nullable(),
});

export type ReconcilePlan = z.infer<typeof reconcilePlanSchema>;

/** What its one step found, as the record keeps it. */
export const comparedSchema = z.object({
  tail: tailSchema,
  /** Differences of each kind. */
  found: z.record(z.string(), z.number()),
  notYetApplied: z.number(),
});

export type ComparedFacts = z.infer<typeof comparedSchema>;

/** A reconciliation of a handover, read off its record. `at` in milliseconds since 1970. */
export interface RecordedReconciliation extends ComparedFacts {
  readonly id: string;
  readonly at: number;
}

/** @param region the survivor's. @param execution named by an operator, where the epochs do not tell. Pure. */
export function reconcilePlan(
  { oldWriter, survivor }: Pick<Reconciliation, "oldWriter" | "survivor">,
  region: CellRegion,
  executions: readonly ExecutionState[],
  execution?: string,
): ReconcilePlan {
  const wroteIn = oldWriter.wroteIn ?? oldWriter.epoch;
  const handover = execution ?? endOf(wroteIn, executions);
  return { kind: RECONCILE, region, epoch: survivor.epoch, wroteIn, handover };
}

/** The handover that ended the epoch: of those that began the next one, the last to have taken the role. */
function endOf(epoch: number, executions: readonly ExecutionState[]): string | null {
  const took = executions.filter(({ plan, settled }) => {
    const handover: HandoverPlan | undefined = handoverPlanSchema.safeParse(plan).data;
    return handover?.epoch === epoch + 1 && settled.some(({ step }) => step === TAKE_THE_ROLE);
  });
  return took.at(-1)?.id ?? null;
}

/** The latest reconciliation of the handover that came to its end; null when there is none. Pure. */
export function reconciliationOf(
  handover: string,
  executions: readonly ExecutionState[],
): RecordedReconciliation | null {
  const found = executions.flatMap((state) => {
    if (reconcilePlanSchema.safeParse(state.plan).data?.handover !== handover) return [];
    const compare = state.settled.find(({ step }) => step === COMPARE);
    const facts = comparedSchema.safeParse(compare?.facts);
    return facts.success && compare ? [{ id: state.id, at: compare.endedAt, ...facts.data }] : [];
  });
  return found.at(-1) ?? null;
}
