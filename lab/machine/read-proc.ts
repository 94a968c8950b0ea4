import { closeSync, openSync, readSync } from "node:fs";

/** The kernel gives long texts a few records at a time: only an empty piece is the end. */
const piece = Buffer.allocUnsafe(16_384);

/**
 * The text of a file below /proc; null on a system without it, and for a process that has ended. In as few system calls
 * as possible: hundreds of them are read every second, beside what is measured.
 */
export function readProc(path: string): string | null {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(`/proc/${path}`, "r");
    let text = "";
    for (;;) {
      const length = readSync(descriptor, piece);
      if (length === 0) return text;
      text += piece.toString("latin1", 0, length);
    }
  } catch {
    return null;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
