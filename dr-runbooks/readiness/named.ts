import { reason } from "../cells/reachable.ts";

/** The same answer; a failure says who did not give it: `the journal in eu-central-1: connect ECONNREFUSED …`. */
export async function named<Answer>(who: string, answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (cause) {
    throw new Error(`${who}: ${reason(cause)}`, { cause });
  }
}
