import { EventEmitter } from "node:events";
import type { Daemon } from "./daemon.ts";

export interface KeepAliveOptions {
  readonly daemon: Daemon;
  /** Starts it again as it should now be. */
  revive(): Promise<void>;
}

const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 5_000;
/** Who has run for so long has recovered: its next end starts counting anew. */
const RECOVERED_AFTER_MS = 10_000;

/** The pause before the nth start in a row of a process that keeps ending; the first is 0. Milliseconds. */
export const pauseBefore = (nth: number): number => Math.min(FIRST_PAUSE_MS * 2 ** nth, LONGEST_PAUSE_MS);

/**
 * Starts a daemon again when it has ended by itself, after a pause that grows while it keeps ending. Emits `restarting`
 * (how it ended), `restarted`, and `failed` when a start did not succeed (the next follows).
 */
export class KeepAlive extends EventEmitter<{
  restarting: [how: string];
  restarted: [];
  failed: [error: unknown];
}> {
  readonly #options: KeepAliveOptions;
  #wanted = false;
  #inARow = 0;
  #restarts = 0;
  #aliveSince = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: KeepAliveOptions) {
    super();
    this.#options = options;
    options.daemon.on("died", (how) => this.#died(String(how)));
  }

  /** How often it was started again. */
  get restarts(): number {
    return this.#restarts;
  }

  /** From now on it is started again when it ends. */
  want(): void {
    this.#wanted = true;
    this.#aliveSince = performance.now();
  }

  /** A start did not succeed: the next is tried, if it is wanted still. */
  tryAgain(): void {
    if (this.#wanted) this.#later();
  }

  /** From now on it may end: its region is down, or it is stopped on purpose. */
  letGo(): void {
    this.#wanted = false;
    clearTimeout(this.#timer);
  }

  #died(how: string): void {
    if (!this.#wanted) return;
    if (performance.now() - this.#aliveSince > RECOVERED_AFTER_MS) this.#inARow = 0;
    this.emit("restarting", how);
    this.#later();
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#revive(), pauseBefore(this.#inARow++));
  }

  async #revive(): Promise<void> {
    try {
      await this.#options.revive();
      this.#restarts += 1;
      this.#aliveSince = performance.now();
      this.emit("restarted");
    } catch (error) {
      if (!this.#wanted) return;
      this.emit("failed", error);
      this.#later();
    }
  }
}
