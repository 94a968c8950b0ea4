import type { Witness } from "@castle/regions/witness/witness.ts";
import { claimExecution } from "../../engine/claim-execution.ts";
import type { ExecutionEvent } from "../../engine/event.ts";
import type { ClaimWitness } from "../../engine/held-claim.ts";
import { listExecutions } from "../../engine/record.ts";
import { type ClaimedExecution, claimed, newId, type Runs, underClaim } from "../claimed.ts";
import { OperationRefused } from "./errors.ts";
import { type OperationPlan, type OperationRequest, planOperation } from "./plan.ts";

export type BegunOperation = ClaimedExecution<OperationPlan>;

/**
 * Finds the unfinished execution of the requested operation, or begins one, and claims it: no other execution acts
 * beside it. @param onAwaiting told what another's claim makes it wait for.
 * @throws OperationRefused, ExecutionClaimed, ExecutionBusy; the witness's errors.
 */
export async function beginOperation(
  request: OperationRequest,
  runs: Runs,
  witness: Pick<Witness, "read"> & ClaimWitness,
  onEvent: (event: ExecutionEvent) => void,
  onAwaiting: (what: string) => void = () => undefined,
): Promise<BegunOperation> {
  for (;;) {
    const decision = planOperation(request, await witness.read(), await listExecutions(runs.folder));
    if (decision.kind === "refuse") throw new OperationRefused(decision.because);
    const { epoch } = decision.plan;
    const id = decision.kind === "resume" ? decision.id : newId(request.kind, epoch, request.region);
    const claim = await claimExecution(
      witness,
      { execution: id, runbook: request.kind, epoch, begins: null },
      { onAwaiting },
    );
    // Whoever had the claim before may have moved the role: then this was decided on what is history.
    const begun = await underClaim(claim, async () =>
      (await witness.read()).epoch === epoch ? claimed(id, decision, claim, runs, onEvent) : null,
    );
    if (begun) return begun;
  }
}
