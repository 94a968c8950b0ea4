import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { SUFFIX } from "../../engine/record.ts";
import { wholeLines } from "../chain.ts";
import { INDEX } from "../executions-index.ts";

export interface ChainOnDisk {
  readonly chain: string;
  /** Every whole line, without its end. */
  readonly lines: readonly string[];
}

interface Known extends ChainOnDisk {
  readonly size: number;
}

/** A folder of records, read over and over while a runner writes to it. */
export class FolderOnDisk {
  readonly #folder: string;
  readonly #known = new Map<string, Known>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * What the folder holds, what was written last coming first. All of it is on the disk for certain: a line that is sent
   * away must not be lost to this machine when it falls, or another would be written in its place. Files that did not grow
   * are not read again.
   */
  async read(): Promise<readonly ChainOnDisk[]> {
    const found: (ChainOnDisk & { readonly writtenAt: number })[] = [];
    for (const name of await namesIn(this.#folder)) {
      const chain = name === INDEX ? INDEX : name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : null;
      if (chain === null) continue;
      const path = join(this.#folder, name);
      const { size, mtimeMs: writtenAt } = await stat(path);
      const known = this.#known.get(chain);
      const read = known?.size === size ? known : { chain, ...(await readOnDisk(path)) };
      this.#known.set(chain, read);
      found.push({ chain, lines: read.lines, writtenAt });
    }
    return found.sort((a, b) => b.writtenAt - a.writtenAt);
  }
}

async function readOnDisk(path: string): Promise<{ lines: readonly string[]; size: number }> {
  const file = await open(path, "r");
  try {
    await file.datasync();
    const bytes = await file.readFile();
    return { lines: wholeLines(bytes).whole, size: bytes.byteLength };
  } finally {
    await file.close();
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
