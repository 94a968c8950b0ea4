import type { Witness } from "@castle/regions/witness/witness.ts";
import { claimExecution } from "../engine/claim-execution.ts";
import type { ExecutionEvent } from "../engine/event.ts";
import type { ClaimWitness } from "../engine/held-claim.ts";
import { listExecutions } from "../engine/record.ts";
import { indexWhatWasKilled } from "../evidence/index-what-was-killed.ts";
import { type ClaimedExecution, claimed, newId, type Runs, underClaim } from "./claimed.ts";
import { HandoverRefused } from "./errors.ts";
import { planToGoOn } from "./go-on.ts";
import { type HandoverPlan, type HandoverRequest, planHandover } from "./plan.ts";

export type BegunExecution = ClaimedExecution<HandoverPlan>;

/**
 * Finds the unfinished execution of the requested handover, or begins one, and claims it: no other execution acts beside
 * it, wherever it is run. @param onAwaiting told what another's claim makes it wait for.
 * @throws HandoverRefused, ExecutionClaimed, ExecutionBusy; the witness's errors.
 */
export async function begin(
  { only, ...request }: HandoverRequest & { readonly only?: string | undefined },
  runs: Runs,
  witness: Witness & ClaimWitness,
  onEvent: (event: ExecutionEvent) => void,
  onAwaiting: (what: string) => void = () => undefined,
): Promise<BegunExecution> {
  for (;;) {
    const executions = await listExecutions(runs.folder);
    await indexWhatWasKilled(runs, executions);
    const record = await witness.read();
    const decision =
      only === undefined
        ? planHandover(request, record, executions)
        : planToGoOn(only, request, record, executions);
    if (decision.kind === "refuse") throw new HandoverRefused(decision.refusal, decision.because);
    const { plan } = decision;
    const id = decision.kind === "resume" ? decision.id : newId(plan.kind, plan.epoch, plan.to);
    const { epoch } = record;
    const claim = await claimExecution(
      witness,
      { execution: id, runbook: plan.kind, epoch, begins: plan.epoch },
      { onAwaiting },
    );
    // Whoever had the claim before may have moved the role: then this was decided on what is history.
    const begun = await underClaim(claim, async () =>
      (await witness.read()).epoch === epoch ? claimed(id, decision, claim, runs, onEvent) : null,
    );
    if (begun) return begun;
  }
}
