import type { Witness } from "@castle/regions/witness/witness.ts";
import type { HandoverCell } from "../../handover.ts";
import type { OperationPlan } from "./plan.ts";

/** What the steps of an operation work on. */
export interface Operation {
  readonly id: string;
  readonly plan: OperationPlan;
  readonly witness: Pick<Witness, "read">;
  /** The cell it is done to: not the one that holds the role. It may be lost. */
  readonly cell: HandoverCell;
  /** The cell that holds the role. */
  readonly active: HandoverCell;
  /** Aborted by an operator who wants to stop: a step that only waits ends at once. */
  readonly stop: AbortSignal;
}

/** A handover has taken place since the operation was planned. */
export class RoleMoved extends Error {
  constructor(planned: string, found: string) {
    super(
      `this was meant for ${planned}, but the witness names ${found}: nothing more is done. Run it again`,
    );
    this.name = "RoleMoved";
  }
}

/**
 * Asked right before anything is changed: a cell that was given the role meanwhile must not be taken out.
 * @throws RoleMoved
 */
export async function otherCellIsActive({ plan, active, witness }: Operation): Promise<true> {
  const { epoch, activeRegion } = await witness.read();
  if (epoch === plan.epoch && activeRegion === active.region) return true;
  throw new RoleMoved(`${active.region} in epoch ${plan.epoch}`, `${activeRegion} in epoch ${epoch}`);
}
