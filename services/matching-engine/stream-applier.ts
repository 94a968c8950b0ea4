import { sqlState, sqlStateOf } from "../kernel/database/connect.ts";
import { PipelinedConnection } from "../kernel/database/pipelined.ts";
import { type Seq, type StreamId, WALLET_STREAM } from "../kernel/domain/command.ts";
import { symbolNamed } from "../kernel/domain/symbols.ts";
import { type Chunk, commitChunk, endOfEarlierEpochs, type Holder, nextChunk } from "./store/chunk.ts";
import { recoverMarket, recoverWallets } from "./store/recovery.ts";
import type { StreamMachine } from "./stream/applied.ts";
import type { Market } from "./stream/market.ts";

/** How often a chunk is tried again at once, when PostgreSQL asked for that. */
const RETRIES = 3;
/** How long the chunk under way may take to end when the stream is stopped; then its connection is cut. */
const STOP_WITHIN_MS = 2_000;

/** A chunk that is committed: the moment its facts may leave. */
export interface CommittedChunk {
  readonly stream: StreamId;
  readonly appliedSeq: Seq;
  /** One `Outcome` as JSON for each command, in order. */
  readonly outcomes: readonly string[];
  readonly seconds: number;
}

export interface StreamApplierOptions {
  readonly databaseUrl: string;
  /** Shows in pg_stat_activity. */
  readonly name: string;
  readonly stream: StreamId;
  readonly holder: Holder;
  /** Called after each commit, in order. Must not throw. */
  readonly onCommitted: (chunk: CommittedChunk) => void;
}

/**
 * Applies one stream's commands, in order, each exactly once, in one epoch. The database decides what has been applied;
 * the book in memory is only a copy of it. After any failure both the connection and the book are given up, for nobody
 * can say whether the chunk was committed, and the next chunk begins with what the database then holds.
 */
export class StreamApplier {
  readonly #options: StreamApplierOptions;
  #connection: PipelinedConnection | null = null;
  #market: Market | null = null;
  #appliedSeq: Seq | null = null;
  #stopped = false;
  #busy: Promise<void> = Promise.resolve();

  constructor(options: StreamApplierOptions) {
    this.#options = options;
  }

  /** How far the stream is known to have come; null until the database has been asked, and after a failure. */
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

  /**
   * Applies what is not applied yet of the epochs before this one. Nothing of them is undone any more: a handover leaves
   * in the database what the journal has, and nothing else. Errors as {@link applyUpTo}.
   */
  applyEarlierEpochs(): Promise<void> {
    const { stream, holder } = this.#options;
    const done = this.#busy.then(async () => {
      if (this.#stopped) return;
      try {
        await this.#applyUpTo(await endOfEarlierEpochs(await this.#connected(), stream, holder.epoch));
      } catch (error) {
        this.#giveUp("what earlier epochs left could not be read");
        throw error;
      }
    });
    this.#busy = done.catch(() => undefined);
    return done;
  }

  /** Begins no further chunk, ends or cuts the one under way, and lets go of everything. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const overdue = setTimeout(() => this.#giveUp("it was stopped, and did not end in time"), STOP_WITHIN_MS);
    await this.#busy;
    await this.#connection?.close();
    clearTimeout(overdue);
    this.#connection = null;
    this.#market = null;
  }

  async #applyUpTo(upTo: Seq): Promise<void> {
    let retries = RETRIES;
    while (!this.#stopped && (this.#appliedSeq === null || this.#appliedSeq < upTo)) {
      try {
        await this.#applyChunk(upTo);
      } catch (error) {
        this.#giveUp("the chunk failed");
        retries -= 1;
        if (retries < 0 || !isWorthRepeating(error)) throw error;
      }
    }
  }

  async #applyChunk(upTo: Seq): Promise<void> {
    const { stream, holder, onCommitted } = this.#options;
    const started = performance.now();
    const connection = await this.#connected();
    const chunk = await nextChunk(connection, stream, upTo);
    if (chunk.commands.length === 0) {
      this.#appliedSeq = chunk.appliedSeq;
      return;
    }
    const machine = await this.#machineFor(connection, chunk);
    const applied = chunk.commands.map((accepted) => machine.apply(accepted));
    const outcomes = applied.map(({ outcome }) => JSON.stringify(outcome));
    await commitChunk(connection, holder, chunk, applied, outcomes);
    this.#appliedSeq = machine.appliedSeq;
    const seconds = (performance.now() - started) / 1_000;
    onCommitted({ stream, appliedSeq: machine.appliedSeq, outcomes, seconds });
  }

  /** The stream's state at the chunk's beginning: the book in memory if it stands there, else the database's. */
  async #machineFor(connection: PipelinedConnection, chunk: Chunk): Promise<StreamMachine> {
    const { stream, appliedSeq, commands } = chunk;
    if (stream === WALLET_STREAM) return recoverWallets(connection, appliedSeq, commands);
    if (this.#market?.appliedSeq !== appliedSeq)
      this.#market = await recoverMarket(connection, symbolNamed(stream), appliedSeq);
    return this.#market;
  }

  async #connected(): Promise<PipelinedConnection> {
    if (this.#connection && !this.#connection.lost) return this.#connection;
    const { databaseUrl, name, stream } = this.#options;
    // Whoever waits on the connection is told of its loss by the call that fails.
    this.#connection = await PipelinedConnection.open(databaseUrl, {
      name: `${name} ${stream}`,
      onLost: () => undefined,
    });
    return this.#connection;
  }

  #giveUp(because: string): void {
    this.#connection?.destroy(because);
    this.#connection = null;
    this.#market = null;
    this.#appliedSeq = null;
  }
}

/** The server undid the transaction for reasons of others, and trying again may help. */
function isWorthRepeating(error: unknown): boolean {
  const state = sqlStateOf(error);
  return [sqlState.deadlock, sqlState.serialization, sqlState.appliedMeanwhile].some(
    (worth) => worth === state,
  );
}
