import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { seconds } from "@castle/regions/duration.ts";
import { z } from "zod";
import { ExecutionBusy, ExecutionLock } from "../engine/lock.ts";
import { entryOf, type Head, lineOf, nextEntry, rootOf, wholeLines } from "./chain.ts";
import type { SigningKey } from "./signing-key.ts";

/** The file beside the records that knows of each of them, and the id of its chain. */
export const INDEX = "executions.index";

/** Held for the time of one small write. */
const PATIENCE = seconds(5);

/**
 * What the index knows of a record: that its line number `lines` has the hash `head`. Of one that has `ended`, that no
 * line follows. Of one that is `unshipped`, that when its run ended not all of its lines were in the bucket of `region`.
 */
export const indexEventSchema = z.strictObject({
  kind: z.enum(["begun", "stopped", "ended", "unshipped"]),
  at: z.number().int(),
  id: z.string().min(1),
  lines: z.number().int().positive(),
  head: z.string(),
  /** Fingerprint of the key that signs the record. */
  key: z.string(),
  region: z.string().optional(),
});

export type IndexEvent = z.infer<typeof indexEventSchema>;

/** Somebody holds the index, and does not let go. */
export class IndexBusy extends Error {
  constructor(busy: ExecutionBusy) {
    const { pid, host } = busy.holder;
    super(`${INDEX} is held by process ${pid} on ${host} for ${PATIENCE} now; end it, and start again`, {
      cause: busy,
    });
    this.name = "IndexBusy";
  }
}

/** What the index tells, as far as its lines can be read; empty when there is none. */
export async function readIndex(folder: string): Promise<IndexEvent[]> {
  return (await linesOf(folder)).whole.flatMap((line) => {
    const event = indexEventSchema.safeParse(entryOf(line)?.event);
    return event.success ? [event.data] : [];
  });
}

/**
 * Adds what is not there yet, and has it on disk when this resolves. Runners of several executions may do so at once.
 * @throws IndexBusy
 */
export async function addToIndex(
  folder: string,
  key: SigningKey,
  kind: IndexEvent["kind"],
  id: string,
  record: Head,
  region?: string,
): Promise<void> {
  const lock = await lockIndex(folder);
  try {
    const told = await readIndex(folder);
    const event = {
      ...{ kind, at: Date.now(), id, lines: record.seq, head: record.hash, key: key.fingerprint },
      ...(region !== undefined && { region }),
    };
    if (!told.some((other) => isSame(other, event))) await append(folder, key, event);
  } finally {
    await lock.release();
  }
}

const isSame = (a: IndexEvent, b: IndexEvent): boolean =>
  a.kind === b.kind && a.id === b.id && a.lines === b.lines && a.region === b.region;

async function append(folder: string, key: SigningKey, event: IndexEvent): Promise<void> {
  const { whole, length } = await linesOf(folder);
  const file = await open(join(folder, INDEX), "a", 0o600);
  try {
    await file.truncate(length);
    await file.appendFile(lineOf(nextEntry(INDEX, headOf(whole), event, key)));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Where the index ends. That it was altered is the verifier's to tell: no failover waits for it. */
function headOf(lines: readonly string[]): Head {
  const last = lines.at(-1);
  if (last === undefined) return rootOf(INDEX);
  return entryOf(last) ?? { seq: lines.length, hash: rootOf(last).hash };
}

async function lockIndex(folder: string): Promise<ExecutionLock> {
  const deadline = performance.now() + PATIENCE.ms;
  for (;;) {
    try {
      return await ExecutionLock.acquire(folder, INDEX);
    } catch (error) {
      if (!(error instanceof ExecutionBusy)) throw error;
      if (performance.now() > deadline) throw new IndexBusy(error);
      await sleep(2);
    }
  }
}

async function linesOf(folder: string): Promise<ReturnType<typeof wholeLines>> {
  try {
    return wholeLines(await readFile(join(folder, INDEX)));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return wholeLines(Buffer.of());
    throw error;
  }
}
