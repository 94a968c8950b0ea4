import { hash } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkChain, entryOf, type Head, lineOf, nextEntry, rootOf, wholeLines } from "../evidence/chain.ts";
import { addToIndex, type IndexEvent, readIndex } from "../evidence/executions-index.ts";
import { keyFileIn, loadSigningKey, type SigningKey } from "../evidence/signing-key.ts";
import { type EventOf, type ExecutionEvent, executionEventSchema } from "./event.ts";
import { after, type ExecutionState, stateOf } from "./state.ts";

/** How the file of a record is named behind the execution's id. */
export const SUFFIX = ".jsonl";

/** A file among the execution records that cannot be read as one. */
export class RecordInvalid extends Error {
  constructor(path: string, mistake: string) {
    super(`${path}: ${mistake}; this record of an execution is damaged. Move it away to go on without it`);
    this.name = "RecordInvalid";
  }
}

/**
 * The append-only record of one execution: a line for each event, chained to the line before and signed, so that no
 * change goes unseen (see evidence/). Whatever a later run must know is on disk before the next thing is done to the
 * world: see {@link ExecutionRecord.append}.
 */
export class ExecutionRecord {
  readonly #folder: string;
  readonly #file: FileHandle;
  readonly #key: SigningKey;
  #state: ExecutionState;
  #head: Head;
  /** Branches of a runbook write at the same time; lines are written one after the other. */
  #last: Promise<void> = Promise.resolve();

  private constructor(folder: string, file: FileHandle, key: SigningKey, state: ExecutionState, head: Head) {
    this.#folder = folder;
    this.#file = file;
    this.#key = key;
    this.#state = state;
    this.#head = head;
  }

  get state(): ExecutionState {
    return this.#state;
  }

  /**
   * Begins a record, in a file named by the execution's id.
   * @param keyFile the key that signs it; made where there is none. @throws Error (EEXIST) when that execution has one.
   */
  static async create(
    folder: string,
    first: EventOf<"started">,
    keyFile = keyFileIn(folder),
  ): Promise<ExecutionRecord> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const key = await loadSigningKey(keyFile);
    const file = await open(join(folder, first.id + SUFFIX), "ax", 0o600);
    const entry = nextEntry(first.id, rootOf(first.id), { ...first, key: key.fingerprint }, key);
    await file.appendFile(lineOf(entry));
    await file.datasync();
    // Makes the new file's name durable, too.
    await addToIndex(folder, key, "begun", first.id, entry);
    await syncFolder(folder);
    return new ExecutionRecord(folder, file, key, stateOf([first]), entry);
  }

  /**
   * Opens a record to continue it. A last line torn by a kill is cut off: what it told never counted.
   * @throws RecordInvalid also when a line is not as it was written.
   */
  static async open(folder: string, id: string, keyFile = keyFileIn(folder)): Promise<ExecutionRecord> {
    const path = join(folder, id + SUFFIX);
    const { whole, length } = wholeLines(await readFile(path));
    const { head, broken } = checkChain(id, whole, null);
    if (broken) throw new RecordInvalid(`${path}, line ${broken.line}`, broken.what);
    const state = stateOf(eventsOf(whole, path));
    const key = await loadSigningKey(keyFile);
    await indexIfKilledBefore(folder, key, id, whole);
    const file = await open(path, "a", 0o600);
    await file.truncate(length);
    return new ExecutionRecord(folder, file, key, state, head);
  }

  /**
   * Adds an event. With `durable`, it and everything before it are on disk when this resolves. The end of a step needs
   * no wait of its own: the next step's start makes it durable, and a step whose end got lost finds itself done.
   */
  append(event: ExecutionEvent, { durable }: { readonly durable: boolean }): Promise<void> {
    const { id } = this.#state;
    this.#state = after(this.#state, event);
    const entry = nextEntry(id, this.#head, event, this.#key);
    this.#head = entry;
    this.#last = this.#last.then(async () => {
      await this.#file.appendFile(lineOf(entry));
      if (durable) await this.#file.datasync();
      const kind = INDEXED[event.kind];
      if (kind) await addToIndex(this.#folder, this.#key, kind, id, entry);
    });
    return this.#last;
  }

  /** Tells the index of an end that a killed runner wrote, and could not tell. */
  async indexEnd(): Promise<void> {
    if (this.#state.finished) await addToIndex(this.#folder, this.#key, "ended", this.#state.id, this.#head);
  }

  async close(): Promise<void> {
    await this.#last.finally(() => this.#file.close());
  }
}

/** Ends of which the index tells, so that a record cut back behind one is noticed. */
const INDEXED: Partial<Record<ExecutionEvent["kind"], IndexEvent["kind"]>> = {
  stopped: "stopped",
  finished: "ended",
};

/** A runner may have been killed between its first line and the index's. */
async function indexIfKilledBefore(
  folder: string,
  key: SigningKey,
  id: string,
  whole: readonly string[],
): Promise<void> {
  const first = entryOf(whole[0] ?? "");
  const isIndexed = (await readIndex(folder)).some((event) => event.id === id);
  // More lines than one are only written once the index has the first.
  if (first && whole.length === 1 && !isIndexed) await addToIndex(folder, key, "begun", id, first);
}

/**
 * Every execution recorded in the folder, oldest first; none when there is no folder yet. Looks at no signature: an old
 * record that was altered must not stand in the way of a failover. @throws RecordInvalid when a line cannot be read.
 */
export async function listExecutions(folder: string): Promise<ExecutionState[]> {
  const files = (await filesIn(folder)).filter((name) => name.endsWith(SUFFIX));
  const states = await Promise.all(files.map((name) => stateIn(join(folder, name))));
  return states.filter((state) => state !== null).sort((a, b) => a.startedAt - b.startedAt);
}

/** What records held when they were last read, by their path: a command lists them several times before it acts. */
const lastRead = new Map<string, { readonly digest: string; readonly state: ExecutionState | null }>();

/** @returns null of a record without a whole line */
async function stateIn(path: string): Promise<ExecutionState | null> {
  const bytes = await readFile(path);
  const digest = hash("sha256", bytes);
  const before = lastRead.get(path);
  if (before?.digest === digest) return before.state;
  const events = eventsOf(wholeLines(bytes).whole, path);
  const state = events.length === 0 ? null : stateOf(events);
  lastRead.set(path, { digest, state });
  return state;
}

const eventsOf = (lines: readonly string[], path: string): ExecutionEvent[] =>
  lines.map((line, index) => eventOf(line, `${path}, line ${index + 1}`));

function eventOf(line: string, where: string): ExecutionEvent {
  const entry = entryOf(line);
  if (!entry) throw new RecordInvalid(where, "is no entry of a record");
  const event = executionEventSchema.safeParse(entry.event);
  if (!event.success) throw new RecordInvalid(where, "is not an event of the runner");
  return event.data;
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** A new file's name is durable only once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  await handle.sync().finally(() => handle.close());
}
