import type { Epoch } from "@castle/regions/epoch.ts";
import type { Knex } from "knex";
import { COMMAND_COLUMNS, type CommandRow, decodeRow } from "../../kernel/database/command-log.ts";
import type { AcceptedCommand, StreamId } from "../../kernel/domain/command.ts";
import { Recurring } from "../../kernel/recurring.ts";
import type { SparseLog } from "../../kernel/sparse-log.ts";
import type { TradingState } from "../state/trading-state.ts";

export interface LogFollowerOptions {
  readonly db: Knex;
  /** In which this engine leads. */
  readonly epoch: Epoch;
  readonly state: TradingState;
  readonly log: SparseLog;
  /** Whether anybody but this engine may write the log now. */
  readonly follows: () => boolean;
  /** A command of an earlier epoch, which is history and durable, is pending. */
  readonly onFollowed: (command: AcceptedCommand) => void;
}

const READ_EVERY_MS = 40;
const PAGE = 2_000;

/**
 * While the gate is closed a handover copies into the log what the journal had and the database lacked: this brings it
 * into memory.
 */
export class LogFollower {
  readonly #options: LogFollowerOptions;
  readonly #reads: Recurring;

  constructor(options: LogFollowerOptions) {
    this.#options = options;
    this.#reads = new Recurring({
      pauseMs: READ_EVERY_MS,
      once: () => this.#read(),
      failed: (error) => options.log.warn({}, error, "the command log could not be followed"),
    });
  }

  start(): void {
    this.#reads.start();
  }

  stop(): Promise<void> {
    return this.#reads.stop();
  }

  async #read(): Promise<void> {
    const { db, state, follows } = this.#options;
    if (!follows()) return;
    const { rows } = await db.raw<{ rows: { name: string; last_seq: string }[] }>(
      "select name, last_seq from stream",
    );
    for (const { name, last_seq } of rows)
      while (follows() && (state.lastSeq(name) ?? Number(last_seq)) < Number(last_seq))
        await this.#readPage(name);
  }

  async #readPage(stream: StreamId): Promise<void> {
    const { db, epoch, state, follows, onFollowed } = this.#options;
    const { rows } = await db.raw<{ rows: CommandRow[] }>(
      `select ${COMMAND_COLUMNS} from command where stream = ? and seq > ? order by seq limit ${PAGE}`,
      [stream, state.lastSeq(stream) ?? 0],
    );
    if (!follows()) return;
    for (const command of rows.map(decodeRow)) {
      // This engine's own is in memory already; one of this epoch that is not, nobody but another engine logged.
      if (command.epoch >= epoch)
        throw new Error(`stream ${stream}: command ${command.seq} of epoch ${command.epoch} is not ours`);
      if (command.seq !== (state.lastSeq(stream) ?? 0) + 1) return;
      state.sequenced(command);
      state.stream(stream).pending.logged(command.seq);
      onFollowed(command);
    }
  }
}
