import type { Duration } from "@castle/regions/duration.ts";
import { minutes } from "@castle/regions/duration.ts";
import { type Evidence, type Examined, examine, type Problem, type Question } from "../examine.ts";
import { INDEX } from "../executions-index.ts";
import { COMPLIANCE } from "./bucket.ts";
import { type BucketCopy, type CopiedObject, linesOf } from "./copy.ts";
import { keyOf, placeOf, prefixOf } from "./place.ts";

export interface CopyQuestion extends Question {
  /** How long every line has to be locked for. */
  readonly retention: Duration;
  /** The folder that the bucket is a copy of; null where there is none, as on another machine. */
  readonly folder: Evidence | null;
}

/** Clocks of this machine and of S3 differ; a lock counts from the one, an object's age from the other. */
const CLOCKS_DIFFER = minutes(60);

/** Looks for whatever is not as the shipper wrote it. Pure. */
export function examineCopy(copy: BucketCopy, question: CopyQuestion): Examined {
  const { only, folder } = question;
  const chains = linesOf(copy);
  const { [INDEX]: index = null, ...records } = Object.fromEntries(chains);
  const evidence: Evidence = {
    index,
    records: new Map(Object.entries(records)),
    locked: folder?.locked ?? new Set(),
  };
  const examined = examine(evidence, question);
  const looked = (chain: string): boolean => only === undefined || chain === only || chain === INDEX;
  return {
    ...examined,
    problems: [
      ...objectProblems(copy, question.retention).filter(({ file }) => looked(placeOf(file)?.chain ?? INDEX)),
      ...gaps(copy, chains).filter(({ file }) => looked(placeOf(file)?.chain ?? INDEX)),
      ...examined.problems.map(inBucket),
      ...(folder
        ? differences(folder, chains)
            .filter(({ chain }) => looked(chain))
            .map(told)
        : []),
    ],
  };
}

/** Of the objects, whatever they hold. */
function objectProblems({ objects }: BucketCopy, retention: Duration): Problem[] {
  const byKey = Map.groupBy(objects, ({ key }) => key);
  return [...byKey].flatMap(([key, versions]) => {
    const problem = (what: string): Problem => ({ file: key, line: null, what });
    if (placeOf(key) === null) return [problem("is no line of a record: somebody else put it there")];
    const written = versions.filter(({ isDeleteMarker }) => !isDeleteMarker);
    return [
      ...(written.length < versions.length ? [problem("was deleted: a delete marker hides it")] : []),
      ...(written.length > 1
        ? [problem(`was written ${written.length} times: somebody wanted to replace it`)]
        : []),
      ...written.flatMap((version) => lockProblem(version, retention)).map(problem),
    ];
  });
}

function lockProblem({ content, writtenAt }: CopiedObject, { ms }: Duration): string[] {
  const lock = content?.retention ?? null;
  if (lock === null) return ["is not locked: whoever may delete can delete it"];
  if (lock.mode !== COMPLIANCE) return [`is locked in mode ${lock.mode}, which can be bypassed`];
  if (lock.until - writtenAt >= ms - CLOCKS_DIFFER.ms) return [];
  return [
    `is locked until ${new Date(lock.until).toISOString()} only, and the target asks for longer: extend it`,
  ];
}

/** Lines behind one that is missing. */
function gaps({ objects }: BucketCopy, chains: ReadonlyMap<string, readonly string[]>): Problem[] {
  const behind = objects.flatMap(({ key, isDeleteMarker }) => {
    const place = placeOf(key);
    const length = place ? (chains.get(place.chain)?.length ?? 0) : 0;
    return place && !isDeleteMarker && place.seq > length ? [{ chain: place.chain, seq: length + 1 }] : [];
  });
  return [...new Set(behind.map(keyOf))].map((file) => ({
    file,
    line: null,
    what: "is missing, and there are lines behind it",
  }));
}

/** A problem of a file's line is one of an object. */
function inBucket({ file, line, what }: Problem): Problem {
  const chain = file.replace(/\.jsonl$/, "");
  return { file: line === null ? prefixOf(chain) : keyOf({ chain, seq: line }), line: null, what };
}

interface Difference {
  readonly chain: string;
  readonly seq: number;
  readonly what: string;
}

function differences(folder: Evidence, copied: ReadonlyMap<string, readonly string[]>): Difference[] {
  const kept = new Map([...folder.records, ...(folder.index ? [[INDEX, folder.index] as const] : [])]);
  return [...new Set([...kept.keys(), ...copied.keys()])].flatMap((chain): Difference[] => {
    const here = kept.get(chain) ?? [];
    const there = copied.get(chain) ?? [];
    const both = Math.min(here.length, there.length);
    const other = here.findIndex((line, at) => at < both && line !== there[at]);
    if (other >= 0) return [{ chain, seq: other + 1, what: "is not the line that the folder holds" }];
    if (here.length > both)
      return [
        {
          ...{ chain, seq: both + 1 },
          what: `is not there, of ${here.length} lines that the folder holds; castle evidence ship sends what is left`,
        },
      ];
    return there.length > both
      ? [{ chain, seq: both + 1, what: "is not in the folder; castle evidence pull fetches what it lacks" }]
      : [];
  });
}

const told = ({ chain, seq, what }: Difference): Problem => ({
  file: keyOf({ chain, seq }),
  line: null,
  what,
});
