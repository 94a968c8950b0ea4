import { cellRegions, peerOf } from "@castle/regions/catalogue.ts";
import { epochSchema } from "@castle/regions/epoch.ts";
import type { WitnessRecord } from "@castle/regions/witness/record.ts";
import { z } from "zod";
import type { ExecutionState } from "../../engine/state.ts";
import type { CellRegion } from "../../target.ts";

/** What is done to the cell that does not hold the role: the role itself stays where it is. */
export const operationKinds = ["isolate", "rejoin"] as const;
export type OperationKind = (typeof operationKinds)[number];

/** Stands in the execution's record, and never changes. */
export const operationPlanSchema = z.object({
  kind: z.enum(operationKinds),
  /** The cell it is done to. */
  region: z.enum(cellRegions),
  /** The epoch of the other cell, which holds the role. In any other epoch the operation is history. */
  epoch: epochSchema,
});

export type OperationPlan = z.infer<typeof operationPlanSchema>;

export interface OperationRequest {
  readonly kind: OperationKind;
  readonly region: CellRegion;
}

export type OperationDecision =
  | { readonly kind: "start"; readonly plan: OperationPlan; readonly superseded: readonly string[] }
  /** The same was begun in this epoch and not finished. It goes on from the top: each step knows whether it is done. */
  | {
      readonly kind: "resume";
      readonly id: string;
      readonly plan: OperationPlan;
      readonly superseded: readonly string[];
    }
  | { readonly kind: "refuse"; readonly because: string };

/** Decides what a request comes to, against the witness's record and the executions that are not finished. Pure. */
export function planOperation(
  { kind, region }: OperationRequest,
  record: WitnessRecord,
  executions: readonly ExecutionState[],
): OperationDecision {
  if (record.activeRegion === region) return { kind: "refuse", because: refusals[kind](region, record) };
  const plan: OperationPlan = { kind, region, epoch: record.epoch };
  const open = executions.filter(({ finished }) => !finished).flatMap(unfinished);
  const same = open.find(({ plan: begun }) => begun.kind === kind && begun.epoch === plan.epoch);
  // At one time only one thing is done to a cell, and of an epoch that is over nothing is left to do.
  const superseded = open.filter((operation) => operation !== same).map(({ id }) => id);
  return same ? { kind: "resume", id: same.id, plan, superseded } : { kind: "start", plan, superseded };
}

const refusals: Readonly<Record<OperationKind, (region: CellRegion, record: WitnessRecord) => string>> = {
  isolate: (region, { epoch }) =>
    `${region} holds the role of epoch ${epoch} (so says the witness): hand over first, with castle failover --to ${peerOf(region)} or castle switchover --to ${peerOf(region)}`,
  rejoin: (region, { epoch }) =>
    `${region} holds the role of epoch ${epoch} (so says the witness): there is nothing to rejoin; did you mean ${peerOf(region)}?`,
};

/** Executions of handovers are none of this one's business. */
function unfinished({ id, plan }: ExecutionState): { readonly id: string; readonly plan: OperationPlan }[] {
  const parsed = operationPlanSchema.safeParse(plan);
  return parsed.success ? [{ id, plan: parsed.data }] : [];
}
