import { randomUUID } from "node:crypto";
import { closeSync, fdatasyncSync, openSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";

/** As PostgreSQL writes its log: a page in place, and fdatasync. */
const PAGE = Buffer.alloc(8_192, 1);

/**
 * A file to try out how long a write takes to be on the disk. It has no name from the start, so that nothing of it stays,
 * however its process ends.
 */
export class FsyncFile {
  readonly #descriptor: number;

  /** @throws Error when the folder cannot be written to */
  constructor(folder: string) {
    const path = join(folder, `.fsync-${randomUUID()}`);
    this.#descriptor = openSync(path, "wx", 0o600);
    unlinkSync(path);
  }

  /** Writes a page and waits until it is on the disk. @returns milliseconds */
  write(): number {
    const from = performance.now();
    writeSync(this.#descriptor, PAGE, 0, PAGE.length, 0);
    fdatasyncSync(this.#descriptor);
    return performance.now() - from;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
