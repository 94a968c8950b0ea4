import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
} from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { OWNER_MARK } from "../reaper/orders.ts";
import { Reaper } from "../reaper/reaper.ts";
import { CommandFailed } from "./command-failed.ts";
import { type ServerUser, serverUser } from "./server-user.ts";
import { ended, killTrees } from "./tree.ts";

export interface HostOptions {
  /** Where everything goes; must be new or empty. Default: a new folder under the system's temporary one. */
  readonly folder?: string;
  /** Leave the folder where it is on {@link Host.close}, to look into. The reaper removes it nevertheless. */
  readonly keep?: boolean;
}

export interface SpawnRequest {
  readonly command: string;
  readonly args: readonly string[];
  /** File that its output is added to; default: none is kept. */
  readonly log?: string;
  /** Added to the few variables that every child gets. */
  readonly env?: Readonly<Record<string, string>>;
  /** `server`: with the rights of {@link Host.serverUser}, for programs that refuse to run as root. */
  readonly as?: "self" | "server";
  /** Given to it on its standard input, which is then closed. */
  readonly input?: string;
  /** Opens an IPC channel. */
  readonly ipc?: boolean;
  /** Its output and what it says on stderr are the caller's to read. */
  readonly piped?: boolean;
}

/**
 * What this process owns on the machine: a private folder (mode 0700) and child processes, each in a group of its own.
 * Whatever ends this process, none of it stays: see reaper/main.ts.
 */
export class Host {
  readonly folder: string;
  /** The unprivileged user of database servers when this process is root; null when it is not. */
  readonly serverUser: ServerUser | null = serverUser();
  readonly #mark = randomUUID();
  readonly #keep: boolean;
  readonly #reaper: Reaper;
  readonly #children = new Set<ChildProcess>();
  #closed = false;

  constructor(options: HostOptions = {}) {
    this.folder = privateFolder(options.folder);
    this.#keep = options.keep ?? false;
    // Servers of the other user must reach their data in here; root reaches it in any case.
    this.ownedByServers(this.folder);
    this.#reaper = Reaper.start({ mark: this.#mark, folder: this.folder });
  }

  /** The process that clears away after us: see reaper/main.ts. */
  get reaperPid(): number | undefined {
    return this.#reaper.pid;
  }

  /** Creates a folder (and its parents) below this host's, and returns its path. */
  subfolder(...path: string[]): string {
    const folder = join(this.folder, ...path);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  }

  /** Gives a file or folder to the user that servers run as. */
  ownedByServers(path: string): void {
    if (this.serverUser) chownSync(path, this.serverUser.uid, this.serverUser.gid);
  }

  /** Starts a child. It is the caller's to watch; this host only sees to it that it never outlives us. */
  spawn(request: SpawnRequest): ChildProcess {
    if (request.log) mkdirSync(dirname(request.log), { recursive: true, mode: 0o700 });
    const log = request.log ? openSync(request.log, "a", 0o600) : request.piped ? "pipe" : "ignore";
    try {
      const child = spawn(request.command, [...request.args], this.#options(request, log));
      give(child, request.input);
      this.#adopt(child);
      return child;
    } finally {
      if (typeof log === "number") closeSync(log);
    }
  }

  /**
   * Runs a command to its end and resolves with its standard output. `started` gets the process, for whoever may have to
   * end it early. @throws CommandFailed with what it said
   */
  async run(
    request: Omit<SpawnRequest, "log" | "ipc" | "piped">,
    started: (child: ChildProcess) => void = () => undefined,
  ): Promise<string> {
    const child = spawn(request.command, [...request.args], this.#options(request, "pipe"));
    this.#adopt(child);
    started(child);
    give(child, request.input);
    const output = collect(child.stdout);
    const errors = collect(child.stderr);
    const how = await new Promise<number | string>((done, failed) => {
      child.once("error", failed);
      child.once("close", (code, signal) => done(code ?? signal ?? "?"));
    });
    if (how !== 0) throw new CommandFailed(request.command, how, `${await output}${await errors}`);
    return output;
  }

  /** Ends whatever still runs (SIGKILL), removes the folder unless it is to be kept, and lets the reaper go. */
  async close(): Promise<void> {
    this.#closed = true;
    const left = [...this.#children].flatMap((child) => child.pid ?? []);
    await ended(killTrees(left));
    if (!this.#keep) await rm(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    await this.#reaper.release();
  }

  /** Writes a file only its owner can read. */
  async writePrivately(name: string, content: string): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  }

  #adopt(child: ChildProcess): void {
    const { pid } = child;
    if (pid === undefined) {
      // The command could not be started: "error" follows, which is the caller's to handle if it listens.
      child.on("error", () => undefined);
      return;
    }
    this.#reaper.own(pid);
    this.#children.add(child);
    child.once("exit", () => {
      this.#children.delete(child);
      this.#reaper.disown(pid);
    });
  }

  #options(request: SpawnRequest, output: number | "ignore" | "pipe"): SpawnOptions {
    if (this.#closed) throw new Error(`the lab is going down: ${request.command} is not started any more`);
    const input = request.input === undefined ? "ignore" : "pipe";
    return {
      detached: true, // a group of its own, which a terminal's Ctrl-C does not reach
      cwd: this.folder,
      stdio: request.ipc ? [input, output, output, "ipc"] : [input, output, output],
      env: { ...inherited(), ...request.env, [OWNER_MARK]: this.#mark },
      ...(request.as === "server" && this.serverUser ? this.serverUser : {}),
    };
  }
}

function give(child: ChildProcess, input: string | undefined): void {
  if (input === undefined) return;
  child.stdin?.on("error", () => undefined); // it ended without reading: its exit code says why
  child.stdin?.end(input);
}

/** Nothing of the caller's environment may lead a child elsewhere (PGHOST, AWS_PROFILE, NODE_OPTIONS …). */
function inherited(): Record<string, string> {
  const { PATH = "/usr/bin:/bin", HOME = "/", TZ } = process.env;
  return { PATH, HOME, LC_ALL: "C", ...(TZ ? { TZ } : {}) };
}

function privateFolder(wanted: string | undefined): string {
  if (wanted === undefined) return mkdtempSync(join(tmpdir(), "castle-"));
  const folder = resolve(wanted);
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new Error(
      `the folder ${folder} is not empty, and a lab removes its folder in the end: name a new one, or an empty one`,
    );
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  return folder;
}

async function collect(stream: NodeJS.ReadableStream | null): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
