import { readFileSync } from "node:fs";

/** The text of a file below /proc; null on a system without it, and for a process that has ended. */
export function readProc(path: string): string | null {
  try {
    return readFileSync(`/proc/${path}`, "latin1");
  } catch {
    return null;
  }
}
