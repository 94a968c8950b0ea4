import { setTimeout as delay } from "node:timers/promises";
import { integerArray, textArray } from "../../kernel/database/array-literal.ts";
import { isStaleEpoch, sqlState, sqlStateOf } from "../../kernel/database/connect.ts";
import { PipelinedConnection, type Statement, settleAll } from "../../kernel/database/pipelined.ts";
import type { Seq, StreamId } from "../../kernel/domain/command.ts";
import type { SparseLog } from "../../kernel/sparse-log.ts";
import type { AppliedCommand } from "../application/applied-command.ts";
import { metrics } from "../metrics.ts";
import type { LeadIdentity } from "../sequencing/log-writer.ts";
import { writesOf } from "./tables.ts";
import type { ChunkLimits, Unprojected } from "./unprojected.ts";

export interface ProjectorOptions {
  readonly databaseUrl: string;
  /** Shows in pg_stat_activity. */
  readonly name: string;
  readonly lead: LeadIdentity;
  readonly unprojected: Unprojected;
  /** How far each stream was projected when this engine began. */
  readonly projected: ReadonlyMap<StreamId, Seq>;
  readonly log: SparseLog;
  /** A chunk is in the projection: there is room again, and what comes after a trade may begin. */
  readonly onProjected: (chunk: readonly AppliedCommand[]) => void;
  /** This engine does not lead any more. */
  readonly onStale: (error: Error) => void;
}

/** From the beginning of one chunk to that of the next at least, while they are not full: fewer, larger transactions. */
const PROJECT_EVERY_MS = 80;
const CHUNK: ChunkLimits = { commands: 2_000, fills: 4_000, bytes: 8 * 2 ** 20 };
const RETRY_AFTER_MS = 200;
/** A chunk that takes longer waits for something else: its connection is given up, and the database asked what it has. */
const ANSWER_WITHIN_MS = 10_000;

/**
 * The guard's lock is held while a chunk is written. Whoever takes over, or closes the gate, must not wait for a chunk that
 * waits for something else, nor for an engine that was frozen in the middle of one.
 */
const SETTINGS = { lock_timeout: "2s", idle_in_transaction_session_timeout: "2s" };

const BEGIN: Statement = { name: "begin", text: "begin" };
const COMMIT: Statement = { name: "commit", text: "commit" };
const ROLLBACK: Statement = { name: "rollback", text: "rollback" };
const GUARD: Statement = { name: "guard", text: "select * from castle_guard_lead($1, $2, $3)" };
const MOVE: Statement = { name: "move-progress", text: "select castle_move_progress($1, $2, $3)" };
const PROGRESS: Statement = { name: "progress", text: "select stream, applied_seq from progress" };

/** Writes what is applied into the tables that everybody reads, behind the log, in chunks that are each one transaction. */
export class Projector {
  readonly #options: ProjectorOptions;
  readonly #projected: Map<StreamId, Seq>;
  readonly #stopping = new AbortController();
  #connection: PipelinedConnection | null = null;
  /** What is being written, until its fate is known: the same commands, however many more are applied meanwhile. */
  #chunk: readonly AppliedCommand[] | null = null;
  #wake: (() => void) | null = null;
  #hurry = false;
  #running: Promise<void> | null = null;

  constructor(options: ProjectorOptions) {
    this.#options = options;
    this.#projected = new Map(options.projected);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Something was applied. @param hurry projects at once instead of gathering more: nothing more is coming */
  kick(hurry = false): void {
    this.#hurry ||= hurry;
    this.#wake?.();
  }

  projectedUpTo(stream: StreamId): Seq {
    return this.#projected.get(stream) ?? 0;
  }

  async stop(because: string): Promise<void> {
    this.#stopping.abort();
    this.#wake?.();
    this.#connection?.destroy(because);
    await this.#running;
  }

  async #run(): Promise<void> {
    const { unprojected, log, onStale } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      if (unprojected.size === 0) {
        this.#hurry = false;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = null;
        continue;
      }
      const began = performance.now();
      try {
        this.#chunk ??= unprojected.chunk(CHUNK);
        await this.#projectChunk(this.#chunk);
        this.#chunk = null;
      } catch (error) {
        if (signal.aborted) return;
        if (isStaleEpoch(error) || sqlStateOf(error) === sqlState.staleGeneration)
          return onStale(error as Error);
        log.warn({}, error, "a chunk could not be projected; it is tried again");
        await delay(RETRY_AFTER_MS, undefined, { signal }).catch(() => undefined);
        continue;
      }
      const full = unprojected.size >= CHUNK.commands || this.#hurry;
      const pause = full ? 0 : began + PROJECT_EVERY_MS - performance.now();
      if (pause > 0) await delay(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  async #projectChunk(chunk: readonly AppliedCommand[]): Promise<void> {
    const { unprojected, lead, onProjected } = this.#options;
    const ends = endsOf(chunk);
    const streams = [...ends.keys()];
    const done = metrics.projectSeconds.startTimer();
    const connection = await this.#connected();
    try {
      await connection.together(() =>
        settleAll(
          connection.run(BEGIN),
          connection.run(GUARD, [lead.epoch, lead.region, lead.generation]),
          connection.run(MOVE, [
            textArray(streams),
            integerArray(streams.map((stream) => this.projectedUpTo(stream))),
            integerArray([...ends.values()]),
          ]),
          ...writesOf(chunk).map(({ statement, values }) => connection.run(statement, [...values])),
          connection.run(COMMIT),
        ),
      );
    } catch (error) {
      if (!(await this.#isProjected(connection, ends, error as Error))) throw error;
    }
    done();
    for (const [stream, end] of ends) this.#projected.set(stream, end);
    unprojected.projected(chunk);
    onProjected(chunk);
  }

  /** After an error nobody knows whether the chunk was committed but the database. */
  async #isProjected(
    failed: PipelinedConnection,
    ends: ReadonlyMap<StreamId, Seq>,
    error: Error,
  ): Promise<boolean> {
    if (this.#stopping.signal.aborted) throw error;
    if (!failed.lost) {
      // The transaction is aborted, and COMMIT answered with ROLLBACK; this is for when it was never sent.
      await failed.run(ROLLBACK).catch(() => undefined);
      if (sqlStateOf(error) !== sqlState.projectedMeanwhile) return false;
    }
    const rows = await (await this.#connected()).run<{ stream: string; applied_seq: string }>(PROGRESS);
    const held = new Map(rows.map((row) => [row.stream, Number(row.applied_seq)]));
    return [...ends].every(([stream, end]) => held.get(stream) === end);
  }

  async #connected(): Promise<PipelinedConnection> {
    if (this.#connection && !this.#connection.lost) return this.#connection;
    const { databaseUrl, name } = this.#options;
    this.#connection = await PipelinedConnection.open(databaseUrl, {
      name: `${name} projection`,
      answerWithinMs: ANSWER_WITHIN_MS,
      settings: SETTINGS,
      onLost: () => undefined,
    });
    if (this.#stopping.signal.aborted) this.#connection.destroy("the projection is stopped");
    return this.#connection;
  }
}

/** The last command of each stream in the chunk. */
const endsOf = (chunk: readonly AppliedCommand[]): Map<StreamId, Seq> =>
  new Map(chunk.map(({ accepted }) => [accepted.stream, accepted.seq] as const));
