import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ExecutionEvent, executionEventSchema } from "../engine/event.ts";
import { RecordInvalid, SUFFIX } from "../engine/record.ts";
import { checkChain, entryOf, type Head, rootOf, wholeLines } from "./chain.ts";

/** A record as it is read by somebody who only looks. */
export interface RecordRead {
  readonly events: readonly ExecutionEvent[];
  readonly root: Head;
  /** As far as the chain holds. */
  readonly head: Head;
  readonly lines: number;
  /** Each line as it stands there, without its end. */
  readonly text: readonly string[];
}

/** Reads one execution's record; whether it is as it was written is for verifyEvidence to say. @throws RecordInvalid */
export async function readRecord(folder: string, id: string): Promise<RecordRead> {
  const path = join(folder, id + SUFFIX);
  const { whole } = wholeLines(await readFile(path));
  const events = whole.map((line, index) => {
    const event = executionEventSchema.safeParse(entryOf(line)?.event);
    if (!event.success)
      throw new RecordInvalid(`${path}, line ${index + 1}`, "is not an event of the runner");
    return event.data;
  });
  return {
    events,
    root: rootOf(id),
    head: checkChain(id, whole, null).head,
    lines: whole.length,
    text: whole,
  };
}
