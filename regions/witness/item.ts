import { z } from "zod";
import { type WitnessRecord, witnessRecordSchema } from "./record.ts";
import { type Condition, type Item, unchanged, WITNESS_KEY } from "./table.ts";

/** Key of the item that names the active region. */
export const WITNESS_ITEM = "active-role";

/**
 * The record as the table holds it. `revision` grows by one with every write, and every write is conditional on it: a
 * request that was delayed on the way can never be applied to a later record that happens to look like the one it was
 * decided on (solo, paired, and solo again).
 */
export interface HeldRecord {
  readonly revision: number;
  /** When the record was last changed, by the clock of whoever changed it: milliseconds since 1970. */
  readonly changedAt: number;
  readonly record: WitnessRecord;
}

const number = z.object({ N: z.string("must be a number").transform(Number) }, "must be a number");
const string = z.object({ S: z.string("must be a string") }, "must be a string");

const itemSchema = z.object({
  revision: number.transform(({ N }) => N).pipe(z.number().int().positive()),
  changedAt: number.transform(({ N }) => N).pipe(z.number().int().nonnegative()),
  epoch: number.transform(({ N }) => N).pipe(witnessRecordSchema.shape.epoch),
  activeRegion: string.transform(({ S }) => S).pipe(witnessRecordSchema.shape.activeRegion),
  mode: string.transform(({ S }) => S).pipe(witnessRecordSchema.shape.mode),
  changedBy: string.transform(({ S }) => S).pipe(witnessRecordSchema.shape.changedBy),
});

/** Parses the table's item, or tells every mistake in it. */
export function parseItem(
  item: Item,
): { readonly held: HeldRecord } | { readonly mistakes: readonly string[] } {
  const parsed = itemSchema.safeParse(item);
  if (!parsed.success)
    return { mistakes: parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`) };
  const { revision, changedAt, ...record } = parsed.data;
  return { held: { revision, changedAt, record } };
}

export const itemOf = ({ revision, changedAt, record }: HeldRecord): Item => ({
  [WITNESS_KEY]: { S: WITNESS_ITEM },
  revision: { N: String(revision) },
  changedAt: { N: String(changedAt) },
  epoch: { N: String(record.epoch) },
  activeRegion: { S: record.activeRegion },
  mode: { S: record.mode },
  changedBy: { S: record.changedBy },
});

/** A condition that only the very record the decision was made on meets, in PutItem's terms. */
export const unchangedSince = (held: HeldRecord): Condition => unchanged(itemOf(held));
