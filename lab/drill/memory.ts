import { memoryKib } from "../processes/memory.ts";
import { members } from "../processes/tree.ts";

/** Watches how much memory this process and everything below it hold: the whole lab with its traders. */
export class MemoryWatch {
  readonly #timer: NodeJS.Timeout;
  #peakKib = 0;

  constructor(everyMs = 5_000) {
    this.#timer = setInterval(() => this.#look(), everyMs);
  }

  /** Looks a last time. @returns the most there was, in bytes */
  stop(): number {
    clearInterval(this.#timer);
    this.#look();
    return this.#peakKib * 1_024;
  }

  #look(): void {
    const held = memoryKib(members([process.pid]));
    const sum = [...held.values()].reduce((total, kib) => total + kib, 0);
    this.#peakKib = Math.max(this.#peakKib, sum);
  }
}
