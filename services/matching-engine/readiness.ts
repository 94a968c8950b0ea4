import type { Knex } from "knex";
import type { Check } from "../kernel/health/internal-server.ts";
import type { Engine } from "./engine.ts";

const ANSWER_WITHIN_MS = 2_000;

/** Whether the engine can do its work when asked: the cell's database answers, and what it leads moves. */
export async function engineReadiness(db: Knex, engine: Engine): Promise<Check> {
  const because = engine.notReadyBecause();
  try {
    await db.raw("select 1").timeout(ANSWER_WITHIN_MS);
    return {
      ok: because === null,
      detail: { database: "answers", ...(because === null ? {} : { because }) },
    };
  } catch (error) {
    return { ok: false, detail: { database: `does not answer: ${(error as Error).message}` } };
  }
}
