import { type ExecutionEvent, executionEventSchema } from "../../engine/event.ts";
import { RecordInvalid } from "../../engine/record.ts";
import { type ExecutionState, stateOf } from "../../engine/state.ts";
import { checkChain, entryOf } from "../chain.ts";
import { INDEX, type IndexEvent, indexEventSchema } from "../executions-index.ts";
import type { EvidenceBucket } from "./bucket.ts";
import { linesOf, readCopy } from "./copy.ts";
import { PREFIX, placeOf, prefixOf } from "./place.ts";

/**
 * An execution as far as the bucket tells, for somebody who has neither its folder nor its key; its lines are followed,
 * and no signature is looked at. @returns null when it is not there. @throws RecordInvalid; the bucket's errors.
 */
export async function executionIn(
  bucket: EvidenceBucket,
  id: string,
  signal?: AbortSignal,
): Promise<ExecutionState | null> {
  const lines = linesOf(await readCopy(bucket, id, signal)).get(id) ?? [];
  if (lines.length === 0) return null;
  const { entries, broken } = checkChain(id, lines, null);
  const where = `s3://${bucket.name}/${prefixOf(id)}`;
  if (broken) throw new RecordInvalid(`${where}, line ${broken.line}`, broken.what);
  return stateOf(entries.map(({ event }, index) => eventOf(event, `${where}, line ${index + 1}`)));
}

/** Executions whose id begins so. */
export async function idsIn(
  bucket: EvidenceBucket,
  beginning: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const stored = await bucket.list(`${PREFIX}${beginning}`, signal);
  const chains = stored.flatMap(({ key }) => placeOf(key)?.chain ?? []);
  return [...new Set(chains)].filter((chain) => chain !== INDEX);
}

/** Executions that are begun and not ended, by the index that is there. */
export async function unfinishedIn(bucket: EvidenceBucket, signal?: AbortSignal): Promise<readonly string[]> {
  const lines = linesOf(await readCopy(bucket, INDEX, signal)).get(INDEX) ?? [];
  const told = lines.flatMap((line): IndexEvent[] => {
    const event = indexEventSchema.safeParse(entryOf(line)?.event);
    return event.success ? [event.data] : [];
  });
  const ended = new Set(told.flatMap(({ kind, id }) => (kind === "ended" ? [id] : [])));
  return [...new Set(told.map(({ id }) => id))].filter((id) => !ended.has(id));
}

function eventOf(event: unknown, where: string): ExecutionEvent {
  const parsed = executionEventSchema.safeParse(event);
  if (!parsed.success) throw new RecordInvalid(where, "is not an event of the runner");
  return parsed.data;
}
