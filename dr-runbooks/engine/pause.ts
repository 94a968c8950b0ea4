import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { milliseconds } from "@castle/regions/duration.ts";
import { z } from "zod";
import { Paused } from "./interrupted.ts";
import { type Who, whoSchema } from "./who.ts";

/** Somebody's wish that a run stop behind the step at work, as a file beside the records. */
const wishSchema = z.object({ at: z.number().int(), because: z.string().min(1), by: whoSchema });

export type PauseWish = z.infer<typeof wishSchema>;

/** Seen soon by a run that waits; between two steps it is looked for anyway. */
const LOOK_EVERY = milliseconds(250);

const fileOf = (folder: string, id: string): string => join(folder, `${id}.pause`);

/** Leaves the wish where whoever runs the execution finds it. */
export async function wishForPause(folder: string, id: string, by: Who, because: string): Promise<void> {
  const draft = `${fileOf(folder, id)}-draft-${process.pid}`;
  const wish: PauseWish = { at: Date.now(), because, by };
  await writeFile(draft, JSON.stringify(wish), { mode: 0o600 });
  await rename(draft, fileOf(folder, id));
}

/** Looks for such a wish as long as an execution is run. */
export class PauseWatch {
  readonly #path: string;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  private constructor(path: string) {
    this.#path = path;
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY.ms).unref();
  }

  /** Whatever was wished for before is over: it was meant for a run that has ended. */
  static async start(folder: string, id: string): Promise<PauseWatch> {
    await rm(fileOf(folder, id), { force: true });
    return new PauseWatch(fileOf(folder, id));
  }

  /** Aborted by the wish; its reason is the {@link Paused} that tells whose. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  async look(): Promise<void> {
    if (this.signal.aborted) return;
    const text = await readFile(this.#path, "utf8").catch(() => null);
    if (text !== null && !this.signal.aborted) this.#controller.abort(new Paused(wishIn(text)));
  }

  /** Ends the watch; a wish that was seen is granted. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    await rm(this.#path, { force: true });
  }
}

/** What a run is given so that it stops: see RunOptions. */
export interface Stopping {
  readonly stop: AbortSignal;
  readonly look: () => Promise<void>;
}

/** Does the work so that it can be paused from elsewhere, besides being stopped by whoever began it. */
export async function pausable<Result>(
  { folder, id, stop }: { folder: string; id: string; stop?: AbortSignal | undefined },
  work: (stopping: Stopping) => Promise<Result>,
): Promise<Result> {
  const watch = await PauseWatch.start(folder, id);
  try {
    const either = stop ? AbortSignal.any([stop, watch.signal]) : watch.signal;
    return await work({ stop: either, look: () => watch.look() });
  } finally {
    await watch.end();
  }
}

/** A file that tells no such thing was put there by somebody all the same, who wants the run to stop. */
function wishIn(text: string): Pick<PauseWish, "by" | "because"> {
  const unknown = { by: { user: "unknown", host: "unknown", pid: 1 }, because: "the file tells no reason" };
  try {
    return wishSchema.parse(JSON.parse(text));
  } catch {
    return unknown;
  }
}
