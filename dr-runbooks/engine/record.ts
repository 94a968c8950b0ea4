import { type FileHandle, mkdir, open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type EventOf, type ExecutionEvent, executionEventSchema } from "./event.ts";
import { after, type ExecutionState, stateOf } from "./state.ts";

const SUFFIX = ".jsonl";

/** A file among the execution records that cannot be read as one. */
export class RecordInvalid extends Error {
  constructor(path: string, mistake: string) {
    super(`${path}: ${mistake}; this record of an execution is damaged. Move it away to go on without it`);
    this.name = "RecordInvalid";
  }
}

/**
 * The append-only record of one execution: a line of JSON for each event. Whatever a later run must know is on disk
 * before the next thing is done to the world: see {@link ExecutionRecord.append}.
 */
export class ExecutionRecord {
  readonly #file: FileHandle;
  #state: ExecutionState;
  /** Branches of a runbook write at the same time; lines are written one after the other. */
  #last: Promise<void> = Promise.resolve();

  private constructor(file: FileHandle, state: ExecutionState) {
    this.#file = file;
    this.#state = state;
  }

  get state(): ExecutionState {
    return this.#state;
  }

  /** Begins a record, in a file named by the execution's id. @throws Error (EEXIST) when that execution has one. */
  static async create(folder: string, first: EventOf<"started">): Promise<ExecutionRecord> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = await open(join(folder, first.id + SUFFIX), "ax", 0o600);
    const record = new ExecutionRecord(file, stateOf([first]));
    await file.appendFile(lineOf(first));
    await file.datasync();
    await syncFolder(folder);
    return record;
  }

  /** Opens a record to continue it. A last line torn by a kill is cut off: what it told never counted. */
  static async open(folder: string, id: string): Promise<ExecutionRecord> {
    const path = join(folder, id + SUFFIX);
    const { events, length } = await parse(path);
    const file = await open(path, "a", 0o600);
    await file.truncate(length);
    return new ExecutionRecord(file, stateOf(events));
  }

  /**
   * Adds an event. With `durable`, it and everything before it are on disk when this resolves. The end of a step needs
   * no wait of its own: the next step's start makes it durable, and a step whose end got lost finds itself done.
   */
  append(event: ExecutionEvent, { durable }: { readonly durable: boolean }): Promise<void> {
    this.#state = after(this.#state, event);
    this.#last = this.#last.then(async () => {
      await this.#file.appendFile(lineOf(event));
      if (durable) await this.#file.datasync();
    });
    return this.#last;
  }

  async close(): Promise<void> {
    await this.#last.finally(() => this.#file.close());
  }
}

/** Every execution recorded in the folder, oldest first; none when there is no folder yet. @throws RecordInvalid */
export async function listExecutions(folder: string): Promise<ExecutionState[]> {
  const files = (await filesIn(folder)).filter((name) => name.endsWith(SUFFIX));
  const parsed = await Promise.all(files.map((name) => parse(join(folder, name))));
  return parsed
    .filter(({ events }) => events.length > 0)
    .map(({ events }) => stateOf(events))
    .sort((a, b) => a.startedAt - b.startedAt);
}

const lineOf = (event: ExecutionEvent): string => `${JSON.stringify(event)}\n`;

/** The events of every whole line, and how many bytes those lines take. */
async function parse(path: string): Promise<{ events: ExecutionEvent[]; length: number }> {
  const bytes = await readFile(path);
  const length = bytes.lastIndexOf("\n") + 1;
  const lines = bytes.subarray(0, length).toString("utf8").split("\n").slice(0, -1);
  return { events: lines.map((line, index) => eventOf(line, `${path}, line ${index + 1}`)), length };
}

function eventOf(line: string, where: string): ExecutionEvent {
  try {
    return executionEventSchema.parse(JSON.parse(line));
  } catch (error) {
    throw new RecordInvalid(
      where,
      error instanceof SyntaxError ? error.message : "not an event of the runner",
    );
  }
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
