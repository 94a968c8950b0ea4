import type { ChildProcess } from "node:child_process";
import { setTimeout as elapse } from "node:timers/promises";
import { suspend } from "./operator-command.ts";
import type { RunnerFate } from "./schedule.ts";

/** Befalls a runner once, at its line. */
export class Fate {
  readonly #runner: RunnerFate;
  readonly #signal: AbortSignal;
  #lines = 0;
  #befalling: Promise<void> | null = null;
  #hasMet = false;

  constructor(runner: RunnerFate, signal: AbortSignal) {
    this.#runner = runner;
    this.#signal = signal;
  }

  /** What really befell it. */
  get met(): RunnerFate["fate"] {
    return this.#hasMet ? this.#runner.fate : "lives";
  }

  hear(process: ChildProcess): void {
    this.#lines += 1;
    if (this.#runner.fate !== "lives" && this.#lines === this.#runner.line)
      this.#befalling = this.#befall(process, this.#runner);
  }

  /** Resolves when nothing more befalls it. */
  over(): Promise<void> {
    return this.#befalling ?? Promise.resolve();
  }

  async #befall(process: ChildProcess, runner: Exclude<RunnerFate, { fate: "lives" }>): Promise<void> {
    await elapse(runner.afterMs);
    this.#hasMet = process.exitCode === null && process.signalCode === null;
    if (!this.#hasMet) return;
    switch (runner.fate) {
      case "killed":
        process.kill("SIGKILL");
        return;
      case "stopped":
        process.kill("SIGINT");
        return;
      case "suspended":
        return suspend(process, runner.forMs, this.#signal);
      default:
        return runner satisfies never;
    }
  }
}
