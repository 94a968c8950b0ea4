import type { Knex } from "knex";
import type { Check } from "../kernel/health/internal-server.ts";

const ANSWER_WITHIN_MS = 2_000;

/** Whether the cell's database answers: all that the engine needs to do its work when asked. */
export async function databaseAnswers(db: Knex): Promise<Check> {
  try {
    await db.raw("select 1").timeout(ANSWER_WITHIN_MS);
    return { ok: true, detail: { database: "answers" } };
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    return { ok: false, detail: { database: `does not answer: ${because}` } };
  }
}
