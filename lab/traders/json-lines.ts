import { createReadStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type RecordKind, type RecordTypes, recordFiles } from "./records.ts";

/**
 * Reads one kind of records, in the order in which they were written. A last line cut short, as a killed writer leaves
 * it, is left out. @throws Error naming file and line when anything else is not JSON, or the file is missing
 */
export async function* readRecords<Kind extends RecordKind>(
  folder: string,
  kind: Kind,
): AsyncGenerator<RecordTypes[Kind]> {
  const path = join(folder, recordFiles[kind]);
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  let number = 0;
  let broken: { readonly line: number; readonly cause: unknown } | null = null;
  for await (const line of lines) {
    number += 1;
    if (broken)
      throw new Error(`${path}, line ${broken.line} is not JSON: the records are damaged`, {
        cause: broken.cause,
      });
    try {
      yield JSON.parse(line);
    } catch (cause) {
      broken = { line: number, cause };
    }
  }
}

/** All of one kind at once. */
export async function allRecords<Kind extends RecordKind>(
  folder: string,
  kind: Kind,
): Promise<RecordTypes[Kind][]> {
  const records: RecordTypes[Kind][] = [];
  for await (const record of readRecords(folder, kind)) records.push(record);
  return records;
}
