import { digestOf } from "../engine/approval.ts";
import { type ExecutionEvent, executionEventSchema } from "../engine/event.ts";
import { type Checked, checkChain, type Entry } from "./chain.ts";
import { INDEX, type IndexEvent, indexEventSchema } from "./executions-index.ts";
import type { PublicKey } from "./signing-key.ts";

/** What a folder of executions holds. */
export interface Evidence {
  /** The index's whole lines; null when there is no index. */
  readonly index: readonly string[] | null;
  /** The whole lines of each record, by the execution's id. */
  readonly records: ReadonlyMap<string, readonly string[]>;
  /** Executions that a runner holds, or held when it was killed. */
  readonly locked: ReadonlySet<string>;
}

/** One thing that is not as the runner wrote it. */
export interface Problem {
  readonly file: string;
  /** Counted from 1; null when it is about the whole file. */
  readonly line: number | null;
  readonly what: string;
}

export interface Examined {
  readonly problems: readonly Problem[];
  readonly executions: number;
  /** Of records and index. */
  readonly lines: number;
  /** The index's last hash. Kept elsewhere, it shows later that nothing up to here was taken away. */
  readonly head: string | null;
}

export interface Question {
  readonly key: PublicKey;
  /** One execution alone, beside the index. */
  readonly only?: string | undefined;
  /** A head of the index that was noted before. */
  readonly notedHead?: string | undefined;
  /** Why an event of an execution does not stand, in words, by what else is known; null for one that does. */
  readonly mistakeIn?: ((execution: string, event: ExecutionEvent) => string | null) | undefined;
}

/** Looks for whatever is not as the runner wrote it. Pure. */
export function examine(evidence: Evidence, { key, only, notedHead, mistakeIn }: Question): Examined {
  const index = checkChain(INDEX, evidence.index ?? [], key);
  const told = index.entries.flatMap(({ event }) => {
    const parsed = indexEventSchema.safeParse(event);
    return parsed.success ? [parsed.data] : [];
  });
  const ids = new Set([...evidence.records.keys(), ...told.map(({ id }) => id)]);
  const looked = [...ids].filter((id) => only === undefined || id === only).sort();
  const records = looked.map((id) =>
    examineRecord({
      id,
      key,
      mistakeIn,
      lines: evidence.records.get(id) ?? null,
      told: told.filter((event) => event.id === id),
      // Behind a break, the index can tell nothing: what it lacks is not held against a record.
      indexIsWhole: index.broken === null && evidence.index !== null,
      locked: evidence.locked.has(id),
    }),
  );
  const wholeRecords = looked.some((id) => (evidence.records.get(id)?.length ?? 0) > 0);
  return {
    problems: [
      ...indexProblems(index, evidence.index === null && wholeRecords, { key, notedHead }),
      ...records.flat(),
    ],
    executions: looked.length,
    lines:
      (evidence.index?.length ?? 0) +
      looked.reduce((sum, id) => sum + (evidence.records.get(id)?.length ?? 0), 0),
    head: index.entries.at(-1)?.hash ?? null,
  };
}

function indexProblems(
  { entries, broken }: Checked,
  missing: boolean,
  { key, notedHead }: Pick<Question, "key" | "notedHead">,
): Problem[] {
  const problem = (line: number | null, what: string): Problem => ({ file: INDEX, line, what });
  if (missing) return [problem(null, "is missing, and there are records")];
  const named = indexEventSchema.safeParse(entries[0]?.event).data?.key;
  return [
    ...(broken ? [problem(broken.line, broken.what)] : []),
    ...(named !== undefined && named !== key.fingerprint
      ? [problem(1, `names the key ${named}, and ${key.fingerprint} is what it is checked with`)]
      : []),
    ...(notedHead !== undefined && !entries.some(({ hash }) => hash === notedHead)
      ? [problem(null, `does not hold the head that was noted, ${notedHead}: it was cut back or replaced`)]
      : []),
  ];
}

interface RecordToExamine {
  readonly id: string;
  readonly key: PublicKey;
  readonly mistakeIn: Question["mistakeIn"];
  /** null when the file is gone. */
  readonly lines: readonly string[] | null;
  readonly told: readonly IndexEvent[];
  readonly indexIsWhole: boolean;
  readonly locked: boolean;
}

function examineRecord({
  id,
  key,
  mistakeIn,
  lines,
  told,
  indexIsWhole,
  locked,
}: RecordToExamine): Problem[] {
  const problem = (line: number | null, what: string): Problem => ({ file: `${id}.jsonl`, line, what });
  if (lines === null) return [problem(null, "was removed: the index tells that it was begun")];
  const { entries, broken } = checkChain(id, lines, key);
  if (broken) return [problem(broken.line, broken.what)];
  const mistake = mistakeOf(id, entries, mistakeIn);
  if (mistake) return [problem(mistake.line, mistake.what)];
  const cut = told.find(({ lines: length }) => entries.length < length);
  if (cut)
    return [
      problem(
        entries.length === 0 ? null : entries.length,
        `holds ${entries.length} lines, and the index tells of ${cut.lines}: it was cut back`,
      ),
    ];
  const other = told.find(({ lines: length, head }) => entries[length - 1]?.hash !== head);
  if (other) return [problem(other.lines, "is not the line that the index tells of: it was replaced")];
  const ended = told.find(({ kind }) => kind === "ended");
  if (ended && entries.length > ended.lines)
    return [problem(ended.lines + 1, "was added behind the end that the index tells of")];
  if (!indexIsWhole) return [];
  // Between a record's line and the index's, a runner may be killed: then its lock is left.
  if (told.length === 0 && entries.length > 0 && !(entries.length === 1 && locked))
    return [problem(null, "is not in the index: it was added, or the index was cut back")];
  if (!ended && kindOf(entries.at(-1)) === "finished" && !locked)
    return [problem(entries.length, "ends the execution, and the index does not: the index was cut back")];
  return [];
}

/** What no runner writes, though the chain holds. */
function mistakeOf(
  id: string,
  entries: readonly Entry[],
  mistakeIn: Question["mistakeIn"],
): { line: number; what: string } | null {
  /** What was asked so far. */
  const digests = new Set<string>();
  for (const [index, { event }] of entries.entries()) {
    const parsed = executionEventSchema.safeParse(event);
    if (!parsed.success) return { line: index + 1, what: "is not an event of the runner" };
    if ((parsed.data.kind === "started") !== (index === 0))
      return { line: index + 1, what: "does not belong here: a record begins, once, with its start" };
    if (parsed.data.kind === "started" && parsed.data.id !== id)
      return { line: 1, what: `begins the execution ${parsed.data.id}` };
    const answer = approvalMistake(id, parsed.data, digests) ?? mistakeIn?.(id, parsed.data);
    if (answer) return { line: index + 1, what: answer };
  }
  return null;
}

/** An answer is one to what was asked before it, and a question is about the figures that it names. */
function approvalMistake(execution: string, event: ExecutionEvent, asked: Set<string>): string | null {
  if (event.kind === "approval-asked") {
    if (event.digest !== digestOf({ execution, ...event })) return "asks about other figures than its digest";
    asked.add(event.digest);
  }
  if (event.kind === "approval-given" && !asked.has(event.digest)) return "approves what nobody asked";
  return null;
}

const kindOf = (entry: Entry | undefined): string | undefined =>
  executionEventSchema.safeParse(entry?.event).data?.kind;
