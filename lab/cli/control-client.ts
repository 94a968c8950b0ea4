import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ask } from "../processes/ask.ts";
import { CONTROL_FILE, type ControlCommand, controlAccessSchema } from "./control.ts";
import { readPointer } from "./pointer.ts";

/** A restore waits for databases and services to be up. */
const ANSWER_WITHIN_MS = 90_000;

const answerSchema = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), result: z.unknown() }),
  z.object({ ok: z.literal(false), error: z.string() }),
]);

/**
 * Asks the lab that runs from `directory`. @throws NoLab when there is none; Error with the lab's reason when it did not
 * do it
 */
export async function command(directory: string, order: ControlCommand): Promise<unknown> {
  const { folder } = readPointer(directory);
  const access = controlAccessSchema.parse(JSON.parse(readFileSync(join(folder, CONTROL_FILE), "utf8")));
  const { body } = await ask(access.url, {
    method: "POST",
    body: order,
    headers: { authorization: `Bearer ${access.token}` },
    withinMs: ANSWER_WITHIN_MS,
  });
  const answer = answerSchema.parse(body);
  if (!answer.ok) throw new Error(answer.error);
  return answer.result;
}
