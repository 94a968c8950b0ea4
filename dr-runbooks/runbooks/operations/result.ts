import { peerOf } from "@castle/regions/catalogue.ts";
import type { Epoch } from "@castle/regions/epoch.ts";
import type { ExecutionState, SettledStep } from "../../engine/state.ts";
import type { CellRegion } from "../../target.ts";
import { type OperationKind, operationPlanSchema } from "./plan.ts";

/** What became of an operation. Instants in milliseconds since 1970. */
export interface OperationResult {
  readonly id: string;
  readonly kind: OperationKind;
  readonly region: CellRegion;
  /** The region that holds the role, and its epoch. */
  readonly activeRegion: CellRegion;
  readonly epoch: Epoch;
  readonly resumed: boolean;
  readonly startedAt: number;
  /** null while it is not finished. */
  readonly finishedAt: number | null;
  /** In the order in which they ended. */
  readonly steps: readonly SettledStep[];
  /** What could not be done, and was gone on without. */
  readonly left: readonly { readonly step: string; readonly error: string }[];
}

/** Reads the result off an execution's record. Pure. */
export function operationResultOf(state: ExecutionState, resumed: boolean): OperationResult {
  const { kind, region, epoch } = operationPlanSchema.parse(state.plan);
  return {
    id: state.id,
    kind,
    region,
    activeRegion: peerOf(region),
    epoch,
    resumed,
    startedAt: state.startedAt,
    finishedAt: state.finished?.at ?? null,
    steps: state.settled,
    left: state.settled.flatMap(({ step, error }) => (error === null ? [] : [{ step, error }])),
  };
}
