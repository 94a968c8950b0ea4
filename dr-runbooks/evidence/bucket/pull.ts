import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ExecutionBusy, ExecutionLock } from "../../engine/lock.ts";
import { ExecutionRecord, SUFFIX } from "../../engine/record.ts";
import { checkChain, wholeLines } from "../chain.ts";
import { INDEX } from "../executions-index.ts";
import { loadSigningKey, type PublicKey, readPublicKey } from "../signing-key.ts";
import type { EvidenceBucket } from "./bucket.ts";
import { linesOf, readCopy } from "./copy.ts";

export interface Pulled {
  readonly bucket: Pick<EvidenceBucket, "region" | "name">;
  /** Lines that the folder did not hold, by chain. */
  readonly added: ReadonlyMap<string, number>;
  /** Chains that were left as they are, and why. */
  readonly left: ReadonlyMap<string, string>;
}

export interface PullOptions {
  readonly bucket: EvidenceBucket;
  readonly folder: string;
  /** The private key that signed the records: without it nobody could go on with them. */
  readonly keyFile: string;
  readonly signal?: AbortSignal | undefined;
}

/** The key that is to sign here is not there. */
export class KeyMissing extends Error {
  constructor(keyFile: string) {
    super(
      `there is no key at ${keyFile}: records are gone on with by the key that began them. Put it there, from the secret store that keeps it; it is in no bucket`,
    );
    this.name = "KeyMissing";
  }
}

/**
 * Fetches from a bucket what a folder does not hold, so that an execution can be gone on with from another machine. Only
 * adds: a line that is here is never replaced, and none comes in that the key did not sign.
 * @throws KeyMissing; the bucket's errors.
 */
export async function pullEvidence({ bucket, folder, keyFile, signal }: PullOptions): Promise<Pulled> {
  const chains = linesOf(await readCopy(bucket, undefined, signal));
  if (chains.size === 0) return { bucket, added: new Map(), left: new Map() };
  const key = await publicPartOf(keyFile);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const added = new Map<string, number>();
  const left = new Map<string, string>();
  // Records first: the index tells only of what is there.
  for (const [chain, lines] of [...chains].sort(([a], [b]) => Number(a === INDEX) - Number(b === INDEX))) {
    const { broken } = checkChain(chain, lines, key);
    const outcome = broken
      ? `line ${broken.line} ${broken.what}`
      : await extended(folder, chain, lines).catch((error: unknown) => {
          if (error instanceof ExecutionBusy) return error.message;
          throw error;
        });
    if (typeof outcome === "string") left.set(chain, outcome);
    else if (outcome > 0) added.set(chain, outcome);
  }
  for (const chain of added.keys()) if (chain !== INDEX) await indexWhatIsKnown(folder, chain, keyFile);
  return { bucket, added, left };
}

/** The runner may have been killed between a line's copy and the index's. */
async function indexWhatIsKnown(folder: string, id: string, keyFile: string): Promise<void> {
  const record = await ExecutionRecord.open(folder, id, keyFile);
  await record.indexEnd().finally(() => record.close());
}

async function publicPartOf(keyFile: string): Promise<PublicKey> {
  const key = await readPublicKey(keyFile).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") throw new KeyMissing(keyFile);
    throw error;
  });
  // Has the public part beside it from now on, as where it was made.
  await loadSigningKey(keyFile);
  return key;
}

/** @returns how many lines were added, or why none could be. */
async function extended(folder: string, chain: string, lines: readonly string[]): Promise<number | string> {
  const lock = await ExecutionLock.acquire(folder, chain);
  try {
    const file = await open(join(folder, chain === INDEX ? INDEX : chain + SUFFIX), "a+", 0o600);
    try {
      const { whole, length } = wholeLines(await readFile(file));
      const other = whole.findIndex((line, at) => at < lines.length && line !== lines[at]);
      if (other >= 0)
        return `line ${other + 1} here is another: this folder and the bucket went different ways`;
      if (whole.length >= lines.length) return 0;
      await file.truncate(length);
      await file.appendFile(
        lines
          .slice(whole.length)
          .map((line) => `${line}\n`)
          .join(""),
      );
      await file.datasync();
      return lines.length - whole.length;
    } finally {
      await file.close();
    }
  } finally {
    await lock.release();
  }
}
