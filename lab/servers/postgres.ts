import type { ChildProcess } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { appendFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "@castle/regions/patience.ts";
import { Activity } from "../processes/activity.ts";
import { Daemon } from "../processes/daemon.ts";
import type { Host } from "../processes/host.ts";
import { until } from "../processes/until.ts";
import type { PostgresProgram } from "./binaries.ts";
import type { PostgresAccess } from "./postgres-access.ts";
import { PostgresLines } from "./postgres-lines.ts";
import { asFile, postgresSettings } from "./postgres-settings.ts";
import { type Ask, logBytes, mib, readReplay, timelineOf, towards, towardsStreaming } from "./replication.ts";

export interface PostgresOptions {
  readonly host: Host;
  readonly programs: (program: PostgresProgram) => string;
  readonly access: PostgresAccess;
  /** As errors and pg_stat_replication show it, for example `database in eu-west-1`. */
  readonly name: string;
  /** The data folder; made by {@link PostgresServer.create} or {@link PostgresServer.cloneFrom}. */
  readonly folder: string;
  readonly port: number;
  readonly log: string;
  /** Where it finds the writer whenever it is a reader: the link's port. Absent: it is always a writer. */
  readonly writerPort?: number;
}

/** Without any of its processes doing anything. */
const START_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 10_000;
/** Without anything more being replayed. */
const STANDS_STILL_MS = 5_000;
const PROMOTED_WITHIN_MS = 15_000;
const QUERY_WITHIN_MS = 10_000;
const CHECKPOINT_WITHIN_MS = 60_000;
const READER_MARK = "standby.signal";
/** Lies in a folder whose content is half one server's and half another's: it is good for nothing. */
const TORN_MARK = "castle.torn";

/**
 * One real PostgreSQL server: a direct child of this process, on loopback alone. Whether it starts as a writer or as a
 * reader is written in its data folder, as PostgreSQL has it.
 */
export class PostgresServer {
  readonly port: number;
  readonly daemon: Daemon;
  readonly #options: PostgresOptions;
  readonly #tools = new Set<ChildProcess>();
  readonly #lines = new PostgresLines();

  constructor(options: PostgresOptions) {
    this.#options = options;
    this.port = options.port;
    this.daemon = new Daemon({
      name: options.name,
      launch: () => this.#launch(),
      ready: (pid, abort) => this.#ready(pid, abort),
      stopSignal: "SIGINT", // "fast": ends sessions, writes a checkpoint, sends readers the rest
      stopWithinMs: STOP_WITHIN_MS,
      // A checkpoint takes as long as the disk does; one that is cut off ends in a crash recovery.
      stopsWhileAtWork: true,
      log: options.log,
    });
  }

  url(database: string): string {
    const { user, password } = this.#options.access;
    return `postgres://${user}:${password}@127.0.0.1:${this.port}/${database}`;
  }

  /** Makes the data folder of a new writer. It holds no database but `postgres` yet. */
  async create(): Promise<void> {
    const { folder, access } = this.#options;
    await this.#run("initdb", [
      ...["-D", folder, "-U", access.user, "-A", "scram-sha-256", `--pwfile=${access.bareFile}`],
      ...["-k", "-N", "-E", "UTF8", "--locale=C", "--no-instructions"],
    ]);
    await appendFile(join(folder, "postgresql.conf"), asFile(postgresSettings));
  }

  async createDatabase(name: string): Promise<void> {
    await this.query(`create database "${name}"`, [], { database: "postgres" });
  }

  /** Makes the data folder as a copy of the server behind `port`: the next start is a reader's. Replaces what is there. */
  async cloneFrom(port: number): Promise<void> {
    const { folder } = this.#options;
    await rm(folder, { recursive: true, force: true });
    await this.#baseBackup(folder, port);
    this.#put(READER_MARK);
  }

  /** Copies the running server, as it is at one moment, into an empty folder: a server that is started there writes. */
  async backUpInto(folder: string): Promise<void> {
    await this.#baseBackup(folder, this.port);
    rmSync(join(folder, READER_MARK), { force: true });
  }

  /**
   * Turns the folder of a stopped former writer into a reader's of the server behind `port`, undoing what it wrote on
   * its own. The other server must have written a checkpoint since its promotion, or it still shows its old timeline.
   * @throws Error when it cannot be done; the folder is then {@link PostgresServer.torn}, and cloneFrom is the way
   */
  async rewindTo(port: number): Promise<void> {
    const { folder, access } = this.#options;
    this.#put(TORN_MARK);
    await this.#run("pg_rewind", [
      ...[
        "-D",
        folder,
        "-N",
        `--source-server=host=127.0.0.1 port=${port} user=${access.user} dbname=postgres`,
      ],
    ]);
    this.#put(READER_MARK);
    rmSync(join(folder, TORN_MARK), { force: true });
  }

  /** The next start is a reader's. For a writer that ended in good order and whose end the new writer has replayed. */
  becomeReader(): void {
    this.#put(READER_MARK);
  }

  /** Every process of it: the server, and what works on its folder meanwhile. */
  get pids(): number[] {
    const tools = [...this.#tools].map((tool) => tool.pid);
    return [this.daemon.pid, ...tools].filter((pid) => typeof pid === "number");
  }

  /** Whether the folder says that it is a reader's. */
  get reads(): boolean {
    return existsSync(join(this.#options.folder, READER_MARK));
  }

  /** Gives the folder of a stopped server up. */
  spoil(): void {
    this.#put(TORN_MARK);
  }

  /** Whether the folder is good for nothing but to be replaced. */
  get torn(): boolean {
    const { folder } = this.#options;
    return existsSync(join(folder, TORN_MARK)) || !existsSync(join(folder, "PG_VERSION"));
  }

  /** Starts it as what its folder says, and resolves when it takes connections. */
  start(): Promise<void> {
    return this.daemon.start();
  }

  stop(): Promise<void> {
    return this.daemon.stop();
  }

  /** Makes a reader the writer, without regard to the old one, and resolves when it takes writes. */
  async promote(): Promise<void> {
    // pg_promote's own wait looks ten times a second, and gives up after a fixed time.
    await this.query("select pg_promote(false)");
    await until(
      async () => {
        const { reads, replayed } = await readReplay(this.#ask);
        return !reads || { reached: replayed, words: `${mib(replayed)} MiB of log replayed` };
      },
      {
        what: `${this.#options.name} to be promoted (see ${this.#options.log})`,
        withinMs: PROMOTED_WITHIN_MS,
        everyMs: 10,
      },
    );
  }

  async checkpoint(): Promise<void> {
    await this.query("checkpoint", [], { withinMs: CHECKPOINT_WITHIN_MS });
  }

  async inRecovery(): Promise<boolean> {
    return (await readReplay(this.#ask)).reads;
  }

  /**
   * Whether it receives `writer`'s log now; how far it has come while it does not. A reader that is still being sent the
   * end of the timeline before does not: it connects once more for what the writer has written since its promotion.
   */
  async follows(writer: PostgresServer): Promise<true | Progress> {
    const replay = await readReplay(this.#ask);
    if (replay.timeline !== null && replay.timeline === (await timelineOf(writer.#ask))) return true;
    return towardsStreaming(replay);
  }

  /** Resolves when it has replayed the log up to `position`, and beyond where that record begins. */
  async replayed(position: string): Promise<void> {
    const end = logBytes(position);
    const from = await readReplay(this.#ask);
    await until(
      async () => {
        const replay = await readReplay(this.#ask);
        return replay.replayed > end || towards(end, from, replay);
      },
      { what: `${this.#options.name} to replay up to ${position}`, withinMs: STANDS_STILL_MS, everyMs: 10 },
    );
  }

  /** Where the log of the stopped server ends: the position of the checkpoint it wrote when it was stopped. */
  async endOfLog(): Promise<string> {
    const told = await this.#run("pg_controldata", ["-D", this.#options.folder]);
    const state = /^Database cluster state:\s+(.+)$/m.exec(told)?.[1];
    const position = /^Latest checkpoint location:\s+(\S+)$/m.exec(told)?.[1];
    if (position === undefined || !state?.startsWith("shut down"))
      throw new Error(`${this.#options.name} did not end in good order (${state ?? "unknown state"})`);
    return position;
  }

  /** The server's own version, for example "15.14". */
  async version(): Promise<string> {
    const [row] = await this.query<{ server_version: string }>("show server_version");
    return row?.server_version.split(" ")[0] ?? "";
  }

  /** Runs one statement, over a connection that nothing else uses meanwhile. */
  async query<Row extends object>(
    sql: string,
    values: unknown[] = [],
    { database = "postgres", withinMs = QUERY_WITHIN_MS }: { database?: string; withinMs?: number } = {},
  ): Promise<Row[]> {
    return this.#lines.ask(this.daemon.pid, { url: this.url(database), sql, values, withinMs });
  }

  readonly #ask: Ask = (sql, values) => this.query(sql, values);

  #launch() {
    const { host, programs, folder, port, log } = this.#options;
    // Our tree is gone when we start it; the file would stop the start should its pid belong to somebody else by now.
    rmSync(join(folder, "postmaster.pid"), { force: true });
    return host.spawn({
      command: programs("postgres"),
      args: ["-D", folder, "-p", String(port), ...this.#writer()],
      log,
      as: "server",
    });
  }

  /** It is no secret: the password is in the file it names. A server that writes leaves it unused. */
  #writer(): string[] {
    const { writerPort, access, name } = this.#options;
    if (writerPort === undefined) return [];
    const address = `host=127.0.0.1 port=${writerPort} user=${access.user} passfile='${access.passFile}'`;
    return ["-c", `primary_conninfo=${address} application_name='${name}'`];
  }

  /** The server itself writes into this file what it is up to, as pg_ctl reads it. */
  async #ready(pid: number, abort: AbortSignal): Promise<void> {
    const file = join(this.#options.folder, "postmaster.pid");
    const isReady = (): boolean => {
      if (!existsSync(file)) return false;
      const lines = readFileSync(file, "utf8").split("\n");
      return Number(lines[0]) === pid && lines[7]?.trim() === "ready";
    };
    const activity = new Activity(pid);
    await until(() => isReady() || activity.read(), {
      what: `${this.#options.name} to take connections (see ${this.#options.log})`,
      withinMs: START_WITHIN_MS,
      everyMs: 10,
      signal: abort,
    });
  }

  async #baseBackup(folder: string, port: number): Promise<void> {
    await this.#run("pg_basebackup", [
      ...["-D", folder, "-h", "127.0.0.1", "-p", String(port), "-U", this.#options.access.user, "-w"],
      ...["-c", "fast", "-X", "stream", "-N"],
    ]);
  }

  #put(mark: string): void {
    const path = join(this.#options.folder, mark);
    closeSync(openSync(path, "a", 0o600));
    this.#options.host.ownedByServers(path);
  }

  #run(program: PostgresProgram, args: readonly string[]): Promise<string> {
    const { host, programs, access } = this.#options;
    return host.run(
      {
        command: programs(program),
        args,
        as: "server",
        env: { PGPASSFILE: access.passFile, PGCONNECT_TIMEOUT: "10" },
      },
      (tool) => {
        this.#tools.add(tool);
        tool.once("exit", () => this.#tools.delete(tool));
      },
    );
  }
}
