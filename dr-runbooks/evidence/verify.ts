import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { lockedExecutions } from "../engine/lock.ts";
import { SUFFIX } from "../engine/record.ts";
import { wholeLines } from "./chain.ts";
import { type Evidence, type Examined, examine, type Problem, type Question } from "./examine.ts";
import { INDEX } from "./executions-index.ts";
import { KeyInvalid, type PublicKey, readPublicKey } from "./signing-key.ts";

export interface Verdict extends Examined {
  readonly green: boolean;
  readonly folder: string;
  /** Fingerprint of the key that signatures were checked with; null when there was none. */
  readonly key: string | null;
}

export interface VerifyOptions {
  readonly folder: string;
  /** The public key's file. */
  readonly publicKey: string;
  readonly only?: string | undefined;
  readonly notedHead?: string | undefined;
  readonly mistakeIn?: Question["mistakeIn"];
}

/** Looks at a folder of executions; changes nothing. @throws Error when the folder cannot be read. */
export async function verifyEvidence(options: VerifyOptions): Promise<Verdict> {
  const { folder, publicKey, only, notedHead, mistakeIn } = options;
  const evidence = await readEvidence(folder);
  const key = await keyOrProblem(publicKey);
  if ("what" in key) {
    const empty = evidence.index === null && evidence.records.size === 0;
    const problems = empty ? [] : [key];
    return { green: empty, folder, key: null, problems, executions: 0, lines: 0, head: null };
  }
  const examined = examine(evidence, { key, only, notedHead, mistakeIn });
  return { green: examined.problems.length === 0, folder, key: key.fingerprint, ...examined };
}

/** How often a folder is read over while runners change its index meanwhile. */
const TRIES = 5;

/** Reads a folder: what belongs together, so that the index tells nothing else behind the records than before them. */
export async function readEvidence(folder: string): Promise<Evidence> {
  for (let left = TRIES; ; left--) {
    const index = await readIndexLines(folder);
    const names = await readdir(folder);
    const records = await Promise.all(
      names
        .filter((name) => name.endsWith(SUFFIX))
        .map(async (name) => {
          const { whole } = wholeLines(await readFile(join(folder, name)));
          return [name.slice(0, -SUFFIX.length), whole] as const;
        }),
    );
    const after = await readIndexLines(folder);
    if (after?.length === index?.length || left === 1)
      return { index, records: new Map(records), locked: lockedExecutions(names) };
  }
}

async function readIndexLines(folder: string): Promise<readonly string[] | null> {
  try {
    return wholeLines(await readFile(join(folder, INDEX))).whole;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

export async function keyOrProblem(path: string): Promise<PublicKey | Problem> {
  try {
    return await readPublicKey(path);
  } catch (error) {
    if (error instanceof KeyInvalid) return { file: path, line: null, what: error.message };
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      return { file: path, line: null, what: "is missing: nothing can be checked without the public key" };
    throw error;
  }
}
