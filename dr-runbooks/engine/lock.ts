import { link, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { lives, type ProcessIdentity, processIdentitySchema, thisProcess } from "./process-identity.ts";

/** Another runner is at work on the execution. */
export class ExecutionBusy extends Error {
  readonly holder: ProcessIdentity;

  constructor(id: string, holder: ProcessIdentity, path: string) {
    super(
      `execution ${id} is being run by process ${holder.pid} on ${holder.host}; wait for it, or end it and start again. (Should it be dead for certain, remove ${path})`,
    );
    this.name = "ExecutionBusy";
    this.holder = holder;
  }
}

/**
 * Keeps two runners of one execution apart: a file that names its holder by pid and start time.
 *
 * A dead runner leaves its file. It is never removed by the next one, which takes the number after it instead, because
 * removing and creating cannot be made one act: of two runners that find the same dead holder, the slower would remove
 * the faster one's file. Linking a finished file to a name is one act, and fails when the name is taken.
 */
export class ExecutionLock {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * @param claimed the caller holds the witness's claim: a runner on another host, which cannot be asked, has lost it.
   * @throws ExecutionBusy
   */
  static async acquire(folder: string, id: string, { claimed = false } = {}): Promise<ExecutionLock> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = join(folder, `${id}.lock-draft-${process.pid}-${Math.random().toString(36).slice(2)}`);
    await writeFile(draft, JSON.stringify(thisProcess()), { mode: 0o600 });
    try {
      for (;;) {
        const newest = Math.max(0, ...(await numbers(folder, id)));
        if (newest > 0) {
          const holder = await holderOf(pathOf(folder, id, newest));
          if (holder === "released") continue;
          const isOver = claimed && holder.host !== hostname();
          if (lives(holder) && !isOver) throw new ExecutionBusy(id, holder, pathOf(folder, id, newest));
        }
        const path = pathOf(folder, id, newest + 1);
        if (await linked(draft, path)) return new ExecutionLock(path);
      }
    } finally {
      await rm(draft, { force: true });
    }
  }

  async release(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}

const pathOf = (folder: string, id: string, number: number): string => join(folder, `${id}.lock-${number}`);

async function numbers(folder: string, id: string): Promise<number[]> {
  const prefix = `${id}.lock-`;
  return (await readdir(folder))
    .filter((name) => name.startsWith(prefix))
    .map((name) => Number(name.slice(prefix.length)))
    .filter((number) => Number.isInteger(number));
}

async function holderOf(path: string): Promise<ProcessIdentity | "released"> {
  try {
    return processIdentitySchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    if (isCode(error, "ENOENT")) return "released";
    throw error;
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;

/** The executions that a living process is at work on, and which. */
export async function heldExecutions(folder: string): Promise<ReadonlyMap<string, ProcessIdentity>> {
  const held = new Map<string, ProcessIdentity>();
  for (const id of lockedExecutions(await readdir(folder))) {
    const newest = Math.max(0, ...(await numbers(folder, id)));
    const holder = newest === 0 ? "released" : await holderOf(pathOf(folder, id, newest));
    if (holder !== "released" && lives(holder)) held.set(id, holder);
  }
  return held;
}

/** Of the names in a folder, the executions that a runner holds, or held when it was killed. */
export const lockedExecutions = (names: readonly string[]): ReadonlySet<string> =>
  new Set(names.flatMap((name) => /^(.+)\.lock-\d+$/.exec(name)?.[1] ?? []));
