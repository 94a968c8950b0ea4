import type { ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { Activity } from "./activity.ts";
import { ended, freezeTrees, killTrees, signal, thawTrees } from "./tree.ts";

export interface DaemonOptions {
  readonly name: string;
  launch(): ChildProcess;
  /** Resolves when it serves; rejects when it will not. Aborted when the process ends. */
  ready(pid: number, abort: AbortSignal): Promise<void>;
  /** What asks it to end in good order. */
  readonly stopSignal: NodeJS.Signals;
  /** How long that may take before it is killed. Milliseconds. */
  readonly stopWithinMs: number;
  /** It is not killed for as long as it is at work: only so long after it has stood still. */
  readonly stopsWhileAtWork?: boolean;
  /** Where it says why it ended, for errors. */
  readonly log: string;
}

/** `starting`: it runs but does not serve yet. */
export type DaemonState = "stopped" | "starting" | "running" | "frozen";

/**
 * A child process with its whole tree. Emits `died` (how it ended: code or signal) when it ends without having been
 * asked to by this object.
 */
export class Daemon extends EventEmitter<{ died: [how: number | string] }> {
  readonly name: string;
  readonly #options: DaemonOptions;
  #child: ChildProcess | null = null;
  #frozen = false;
  #serves = false;
  #expected = false;
  #forbidden = false;
  #end: Promise<void> = Promise.resolve();

  constructor(options: DaemonOptions) {
    super();
    this.name = options.name;
    this.#options = options;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  get state(): DaemonState {
    if (this.#child === null) return "stopped";
    if (this.#frozen) return "frozen";
    return this.#serves ? "running" : "starting";
  }

  /** Starts it and resolves when it serves. @throws Error when it runs already, or ended before it served */
  async start(): Promise<void> {
    if (this.#child) throw new Error(`${this.name} runs already (pid ${this.pid})`);
    if (this.#forbidden) throw new Error(`${this.name} is not to run now: its region is down`);
    const child = this.#options.launch();
    this.#child = child;
    this.#expected = false;
    this.#frozen = false;
    this.#serves = false;
    const gone = new AbortController();
    this.#end = end(child).then((how) => {
      this.#child = null;
      gone.abort(new Error(`${this.name} ended with ${how}; see ${this.#options.log}`));
      if (this.#serves && !this.#expected) this.emit("died", how);
    });
    const ended = this.#end.then(() => gone.signal.throwIfAborted());
    ended.catch(() => undefined); // after it has served, its end is told by the event
    try {
      await Promise.race([
        ended,
        child.pid === undefined ? ended : this.#options.ready(child.pid, gone.signal),
      ]);
      this.#serves = true;
    } catch (error) {
      await this.kill();
      throw error;
    }
  }

  /** Asks it to end in good order, and kills it if it has not in time. Harmless when it does not run. */
  async stop(): Promise<void> {
    const { pid } = this;
    if (pid === null) return;
    this.#expected = true;
    signal(pid, this.#options.stopSignal);
    try {
      const activity = this.#options.stopsWhileAtWork ? new Activity(pid) : null;
      await ended([pid], this.#options.stopWithinMs, activity);
    } catch {
      await this.kill();
    }
    await this.#end; // the kernel has ended it; Node hears of that a moment later
  }

  /** SIGKILL to the whole tree. `died` follows unless it is `onPurpose`. Harmless when it does not run. */
  async kill({ onPurpose = true } = {}): Promise<void> {
    const { pid } = this;
    if (pid === null) return;
    this.#expected ||= onPurpose;
    await ended(killTrees([pid]));
    await this.#end; // the kernel has ended it; Node hears of that a moment later
  }

  /** Its end is wanted, and it is not to start before {@link allow}: whoever is about to start it does so in vain. */
  forbid(): void {
    this.#expected = true;
    this.#forbidden = true;
  }

  allow(): void {
    this.#forbidden = false;
  }

  freeze(): void {
    if (this.pid === null) return;
    freezeTrees([this.pid]);
    this.#frozen = true;
  }

  thaw(): void {
    if (this.pid === null) return;
    thawTrees([this.pid]);
    this.#frozen = false;
  }
}

const end = (child: ChildProcess): Promise<number | string> =>
  new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, name) => resolve(code ?? name ?? "?"));
  });
