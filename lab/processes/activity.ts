import { readFileSync } from "node:fs";
import type { Progress } from "@castle/regions/patience.ts";
import { members } from "./tree.ts";

/** The kernel's clock for CPU time: hundredths of a second, on every Linux that Node runs on. */
const TICKS_A_SECOND = 100;
const MIB = 1_048_576;
/** The process table costs some milliseconds to read. */
const READ_EVERY_MS = 250;

/**
 * What a process and its descendants have done so far, as the kernel counts it: it grows as long as they work, and
 * stands still once they hang. `false` where the kernel does not tell (not Linux).
 */
export class Activity {
  readonly #root: number;
  #last: Progress | false = false;
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(root: number) {
    this.#root = root;
  }

  /** Read anew every 250 ms at most. */
  read(): Progress | false {
    const now = performance.now();
    if (now - this.#readAt < READ_EVERY_MS) return this.#last;
    this.#readAt = now;
    const used = members([this.#root]).map((pid) => ({ ticks: cpuTicks(pid), bytes: bytesMoved(pid) }));
    const ticks = used.reduce((sum, one) => sum + one.ticks, 0);
    const bytes = used.reduce((sum, one) => sum + one.bytes, 0);
    if (ticks + bytes === 0) return this.#last;
    const words = `at work: ${(ticks / TICKS_A_SECOND).toFixed(1)} s of CPU, ${(bytes / MIB).toFixed(1)} MiB read and written`;
    this.#last = { reached: ticks + bytes, words };
    return this.#last;
  }
}

/** Of the process itself and of its children that have ended. 0 once it has ended. */
function cpuTicks(pid: number): number {
  const stat = textOf(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index] ?? 0), 0);
}

function bytesMoved(pid: number): number {
  const io = textOf(`/proc/${pid}/io`);
  return Number(/^rchar: (\d+)$/m.exec(io)?.[1] ?? 0) + Number(/^wchar: (\d+)$/m.exec(io)?.[1] ?? 0);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return ""; // it has ended, or belongs to somebody else
  }
}
