import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { requireCredentials } from "../cells/credentials.ts";
import { listExecutions } from "../engine/record.ts";
import { usualDurations } from "../engine/usual-durations.ts";
import type { Target } from "../target.ts";
import { measureExposure, tellExposure } from "./exposure.ts";
import { planToGoOn } from "./go-on.ts";
import { type HandoverDecision, type HandoverRequest, planHandover } from "./plan.ts";

/** What a request would come to, were it carried out now. */
export interface Preview {
  readonly decision: HandoverDecision;
  /**
   * Measures what it may lose, in words; a line each, and none once the role is taken. Takes a second where the active
   * cell does not answer: for whoever decides by it, and nobody else.
   */
  readonly exposure: () => Promise<readonly string[]>;
  /** How long each step usually takes: milliseconds by name. */
  readonly usual: ReadonlyMap<string, number>;
}

/**
 * Looks, decides, and changes nothing. @throws the witness's errors; ExecutionRefused for an execution that is named and
 * cannot be continued.
 */
export async function previewHandover(
  target: Target,
  { only, ...request }: HandoverRequest & { readonly only?: string | undefined },
): Promise<Preview> {
  requireCredentials(target, request.to);
  const witness = new DynamoWitness(target.witness);
  try {
    const [held, executions] = await Promise.all([witness.inspect(), listExecutions(target.runsFolder)]);
    const decision =
      only === undefined
        ? planHandover(request, held.record, executions)
        : planToGoOn(only, request, held.record, executions);
    const roleIsStillToBeTaken = decision.kind !== "resume" || decision.from === "top";
    const exposure = async (): Promise<readonly string[]> =>
      roleIsStillToBeTaken && held.record.activeRegion !== request.to
        ? tellExposure(await measureExposure(target, request.to, held), Date.now())
        : [];
    return { decision, exposure, usual: usualDurations(executions, request.kind) };
  } finally {
    witness.close();
  }
}
