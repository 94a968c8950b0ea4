import { createReadStream } from "node:fs";
import { join } from "node:path";
import { type RecordKind, type RecordTypes, recordFiles } from "./records.ts";

const CHUNK_BYTES = 1_048_576;

/**
 * Reads all records of one kind, in the order in which they were written. A last line cut short, as a killed writer
 * leaves it, is left out. @throws Error naming file and line when one is damaged, or the file is missing
 */
export async function allRecords<Kind extends RecordKind>(
  folder: string,
  kind: Kind,
): Promise<RecordTypes[Kind][]> {
  const path = join(folder, recordFiles[kind]);
  const records: RecordTypes[Kind][] = [];
  let rest = "";
  for await (const chunk of createReadStream(path, { encoding: "utf8", highWaterMark: CHUNK_BYTES })) {
    const lines = `${rest}${chunk}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) records.push(parse(line, `${path}, line ${records.length + 1}`));
  }
  return records;
}

function parse<Row>(line: string, where: string): Row {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Error(`${where} is not JSON: the records are damaged`, { cause });
  }
}
