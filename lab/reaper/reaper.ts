import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { processRow } from "../processes/table.ts";
import type { ReaperOrder } from "./orders.ts";

const entry = fileURLToPath(new URL("main.ts", import.meta.url));

/**
 * A process beside this one that ends everything owned, and removes the private folder, should this process die in any
 * way. See main.ts.
 */
export class Reaper {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  static start({ mark, folder }: { mark: string; folder: string }): Reaper {
    // Its own session: no terminal's signal reaches it. stdin is the pipe whose end tells of our death.
    const child = spawn(process.execPath, [entry, mark, folder], {
      detached: true,
      cwd: "/",
      stdio: ["pipe", "ignore", "ignore"],
    });
    child.stdin.on("error", () => undefined); // its own death must not be ours
    child.unref();
    if ("unref" in child.stdin && typeof child.stdin.unref === "function") child.stdin.unref();
    return new Reaper(child);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  own(pid: number): void {
    this.#tell({ kind: "own", pid, started: processRow(pid)?.started ?? "" });
  }

  disown(pid: number): void {
    this.#tell({ kind: "disown", pid });
  }

  /** Everything was ended in order: the reaper leaves. */
  async release(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.ref();
    this.#tell({ kind: "release" });
    await once(this.#process, "exit");
  }

  #tell(order: ReaperOrder): void {
    this.#process.stdin?.write(`${JSON.stringify(order)}\n`);
  }
}
