import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { listExecutions } from "../engine/record.ts";
import type { Target } from "../target.ts";
import { measureExposure, tellExposure } from "./exposure.ts";
import { type HandoverDecision, type HandoverRequest, planHandover } from "./plan.ts";

/** What a request would come to, were it carried out now. */
export interface Preview {
  readonly decision: HandoverDecision;
  /** What it may lose, in words; a line each. */
  readonly exposure: readonly string[];
}

/** Looks, decides, and changes nothing. @throws the witness's errors. */
export async function previewHandover(target: Target, request: HandoverRequest): Promise<Preview> {
  const witness = new DynamoWitness(target.witness);
  try {
    const [held, executions] = await Promise.all([witness.inspect(), listExecutions(target.runsFolder)]);
    const decision = planHandover(request, held.record, executions);
    const roleIsStillToBeTaken = decision.kind !== "resume" || decision.from === "top";
    const exposure =
      roleIsStillToBeTaken && held.record.activeRegion !== request.to
        ? tellExposure(await measureExposure(target, request.to, held), Date.now())
        : [];
    return { decision, exposure };
  } finally {
    witness.close();
  }
}
