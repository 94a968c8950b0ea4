import type { Seq, StreamId } from "@castle/services/kernel/domain/command.ts";
import type { FoundDifference, Holds, RowDifference } from "./difference.ts";
import { byEngine, byKey, type Row, type Rows, sameRow, seqOf, type TableName } from "./rows.ts";

/** A stretch of one stream as both databases hold it, up to the old writer's end. */
export interface Stretch {
  readonly stream: StreamId;
  readonly oldWriter: Rows;
  readonly survivor: Rows;
  /** How far the engines have applied the stream. */
  readonly oldApplied: Seq;
  readonly survivorApplied: Seq;
}

export interface Compared {
  readonly differences: readonly FoundDifference[];
  /** The first place at which the two hold different commands, or only one holds any; null when there is none. */
  readonly partsAt: Seq | null;
  /** Rows that the survivor's engines have yet to write: it holds their commands. */
  readonly notYetApplied: number;
}

const ROWS = ["outcome", "posting", "trade"] as const;

/** Compares a stretch, row by row. Pure. */
export function compareStretch(stretch: Stretch): Compared {
  const { stream, oldWriter, survivor } = stretch;
  const differences: FoundDifference[] = [];
  const parted = new Set<Seq>();
  const theirs = byKey("command", survivor.command);
  const ours = byKey("command", oldWriter.command);
  const part = (holds: "only-old-writer" | "only-survivor", command: Row, there: Row | null): void => {
    parted.add(seqOf(command));
    differences.push({ kind: "command", stream, seq: seqOf(command), holds, command, there });
  };
  for (const [key, command] of ours) {
    const there = theirs.get(key) ?? null;
    if (!there || !sameRow("command", command, there)) part("only-old-writer", command, there);
  }
  for (const [key, command] of theirs) if (!ours.has(key)) part("only-survivor", command, null);

  let notYetApplied = 0;
  for (const table of ROWS) {
    const found = compareRows(table, stretch, parted);
    differences.push(...found.differences);
    notYetApplied += found.notYetApplied;
  }
  differences.sort((a, b) => a.seq - b.seq);
  return { differences, partsAt: parted.size === 0 ? null : Math.min(...parted), notYetApplied };
}

function compareRows(
  table: (typeof ROWS)[number],
  { stream, oldWriter, survivor, oldApplied, survivorApplied }: Stretch,
  parted: ReadonlySet<Seq>,
): { readonly differences: RowDifference[]; readonly notYetApplied: number } {
  const ours = byKey(table, oldWriter[table]);
  const theirs = byKey(table, survivor[table]);
  const differences: RowDifference[] = [];
  let notYetApplied = 0;
  const found = (holds: Holds, row: Row, there: Row | null): number =>
    differences.push({
      ...{ kind: table, stream, seq: seqOf(row), holds },
      oldWriter: holds === "only-survivor" ? null : row,
      survivor: holds === "only-survivor" ? row : there,
    });
  for (const [key, row] of ours) {
    // Behind the part, what the survivor holds at the place belongs to another command.
    if (parted.has(seqOf(row))) found("only-old-writer", row, null);
    else {
      const there = theirs.get(key);
      if (there && !sameRow(table, row, there)) found("differs", row, there);
      if (!there && isYetToCome(table, row, survivorApplied)) notYetApplied += 1;
      else if (!there) found("only-old-writer", row, null);
    }
  }
  for (const [key, row] of theirs)
    if (!ours.has(key) && !parted.has(seqOf(row)) && !isYetToCome(table, row, oldApplied))
      found("only-survivor", row, null);
  return { differences, notYetApplied };
}

/** An engine that has not come so far writes the row when it does: that is no difference. */
const isYetToCome = (table: TableName, row: Row, applied: Seq): boolean =>
  byEngine(table, row) && seqOf(row) > applied;
