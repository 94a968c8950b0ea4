import type { Knex } from "knex";
import { sqlState, sqlStateOf } from "../kernel/database/connect.ts";
import { type AcceptedCommand, type Seq, type StreamId, WALLET_STREAM } from "../kernel/domain/command.ts";
import { symbolNamed } from "../kernel/domain/symbols.ts";
import { writeChunk } from "./store/chunk.ts";
import { readCommands } from "./store/commands.ts";
import { type Holder, lockProgress } from "./store/progress.ts";
import { recoverMarket, recoverWallets } from "./store/recovery.ts";
import type { StreamMachine } from "./stream/applied.ts";
import type { Market } from "./stream/market.ts";

/** Commands applied in one transaction at most: bounds its time, and what a failure repeats. */
const CHUNK = 500;
/** How often a chunk is tried again at once, when PostgreSQL asked for that. */
const RETRIES = 3;

/** A chunk that is committed: the moment its facts may leave. */
export interface CommittedChunk {
  readonly stream: StreamId;
  readonly appliedSeq: Seq;
  /** One {@link Outcome} as JSON for each command, in order. */
  readonly outcomes: readonly string[];
  readonly seconds: number;
}

export interface StreamApplierOptions {
  readonly db: Knex;
  readonly stream: StreamId;
  readonly holder: Holder;
  /** Called after each commit, in order. Must not throw. */
  readonly onCommitted: (chunk: CommittedChunk) => void;
}

/**
 * Applies one stream's commands, in order, each exactly once, in one epoch. The database decides what has been applied;
 * the book in memory is only a copy of it, thrown away whenever a transaction's end is not known for certain.
 */
export class StreamApplier {
  readonly #options: StreamApplierOptions;
  #market: Market | null = null;
  #appliedSeq: Seq | null = null;
  #stopped = false;
  #busy: Promise<void> = Promise.resolve();

  constructor(options: StreamApplierOptions) {
    this.#options = options;
  }

  /** How far the stream is known to have come; null until the database has been asked. */
  get appliedSeq(): Seq | null {
    return this.#appliedSeq;
  }

  /**
   * Applies every command that is not applied yet, up to `upTo` and not beyond. Calls wait for each other.
   * @throws SQLSTATE CS001 when the epoch is over; whatever failed otherwise. What was committed before stays so, and
   * the next call goes on from there.
   */
  applyUpTo(upTo: Seq): Promise<void> {
    const done = this.#busy.then(() => this.#applyUpTo(upTo));
    this.#busy = done.catch(() => undefined);
    return done;
  }

  /** Begins no further chunk; resolves when the one under way has ended, and forgets the book. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#busy;
    this.#market = null;
  }

  async #applyUpTo(upTo: Seq): Promise<void> {
    let retries = RETRIES;
    while (!this.#stopped && (this.#appliedSeq === null || this.#appliedSeq < upTo)) {
      try {
        await this.#applyChunk(upTo);
      } catch (error) {
        // Committed or not, nobody can say: the next chunk begins with what the database holds.
        this.#market = null;
        this.#appliedSeq = null;
        retries -= 1;
        if (retries < 0 || !isWorthRepeating(error)) throw error;
      }
    }
  }

  async #applyChunk(upTo: Seq): Promise<void> {
    const { db, stream, holder, onCommitted } = this.#options;
    const started = performance.now();
    const { appliedSeq, outcomes } = await db.transaction(async (trx) => {
      const from = await lockProgress(trx, holder, stream);
      if (from >= upTo) return { appliedSeq: from, outcomes: [] };
      const commands = await readCommands(trx, stream, from, Math.min(upTo, from + CHUNK));
      const machine = await this.#machineAt(trx, from, commands);
      const applied = commands.map((accepted) => machine.apply(accepted));
      const bodies = applied.map(({ outcome }) => JSON.stringify(outcome));
      await writeChunk(trx, stream, machine.appliedSeq, applied, bodies);
      return { appliedSeq: machine.appliedSeq, outcomes: bodies };
    });
    this.#appliedSeq = appliedSeq;
    if (outcomes.length > 0)
      onCommitted({ stream, appliedSeq, outcomes, seconds: (performance.now() - started) / 1_000 });
  }

  /** The stream's state after `appliedSeq`: the book in memory if it stands there, else the database's. */
  async #machineAt(
    trx: Knex.Transaction,
    appliedSeq: Seq,
    commands: readonly AcceptedCommand[],
  ): Promise<StreamMachine> {
    const { stream } = this.#options;
    if (stream === WALLET_STREAM) return recoverWallets(trx, appliedSeq, commands);
    if (this.#market?.appliedSeq === appliedSeq) return this.#market;
    this.#market = await recoverMarket(trx, symbolNamed(stream), appliedSeq);
    return this.#market;
  }
}

/** The server undid the transaction for reasons of others, and said that trying again may help. */
const isWorthRepeating = (error: unknown): boolean =>
  ([sqlState.deadlock, sqlState.serialization] as (string | undefined)[]).includes(sqlStateOf(error));
