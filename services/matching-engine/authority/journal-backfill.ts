import type { Mode } from "@castle/regions/role.ts";
import { COMMAND_COLUMNS, type CommandRow, decodeRow } from "@castle/services/kernel/database/command-log.ts";
import type { AcceptedCommand, Seq, StreamId } from "@castle/services/kernel/domain/command.ts";
import type { Logger } from "@castle/services/kernel/log.ts";
import { Recurring } from "@castle/services/kernel/recurring.ts";
import type { Knex } from "knex";
import type { PeerJournal } from "./peer-journal.ts";

const COMPARE_EVERY_MS = 300;
const PAGE = 500;

export interface JournalBackfillOptions {
  /** For this alone, so that it waits behind no trader. */
  readonly db: Knex;
  readonly journal: PeerJournal;
  readonly log: Logger;
  /** Whether the witness lets this cell acknowledge alone. */
  readonly alone: () => boolean;
  /** Every command of the stream up to here is durable as the mode demands. */
  readonly onDurable: (stream: StreamId, upTo: Seq) => void;
}

interface StreamRow {
  readonly stream: StreamId;
  readonly last: Seq;
  /** The role row's durability in the same snapshot: what was committed under `solo` needs no journal. */
  readonly durability: Mode;
}

/**
 * Finds commands that were logged and never reached the journal: the engine that logged them died, or the connection
 * did. It is what lets every append be lost for free.
 */
export class JournalBackfill {
  readonly #options: JournalBackfillOptions;
  readonly #comparisons: Recurring;
  #previous = new Map<StreamId, Seq>();

  constructor(options: JournalBackfillOptions) {
    this.#options = options;
    this.#comparisons = new Recurring({
      pauseMs: COMPARE_EVERY_MS,
      once: () => this.#compare(),
      failed: (error) => options.log.warn({ err: error }, "log and journal could not be compared"),
    });
  }

  start(): void {
    this.#comparisons.start();
  }

  stop(): Promise<void> {
    return this.#comparisons.stop();
  }

  /**
   * Appends everything the journal lacks of what is logged now. @returns true once the journal reaches to where every
   * stream ended when this was called; false when it cannot be reached.
   */
  async run(): Promise<boolean> {
    const { journal } = this.#options;
    if (!(await journal.refresh())) return false;
    for (const { stream, last } of await this.#streams())
      while (journal.reaches(stream) < last) {
        if (this.#comparisons.signal.aborted) return false;
        const from = journal.reaches(stream);
        if (!(await journal.appended(await this.#logged(stream, from, last)))) return false;
        if (journal.reaches(stream) === from)
          throw new Error(`stream ${stream}: the journal's mark stays at ${from}`);
      }
    return true;
  }

  async #compare(): Promise<void> {
    const { journal, alone, onDurable } = this.#options;
    const streams = await this.#streams();
    for (const { stream, last, durability } of streams) {
      const before = this.#previous.get(stream) ?? 0;
      if (durability === "solo" && alone()) onDurable(stream, last);
      else if (journal.up && journal.reaches(stream) < before)
        // Logged a whole comparison ago and still not there: nobody is bringing it.
        await journal.appended(await this.#logged(stream, journal.reaches(stream), last));
    }
    this.#previous = new Map(streams.map(({ stream, last }) => [stream, last]));
  }

  async #streams(): Promise<StreamRow[]> {
    const { rows } = await this.#options.db.raw<{
      rows: { name: string; last_seq: string; durability: Mode }[];
    }>("select s.name, s.last_seq, r.durability from role r, stream s order by s.name");
    return rows.map((row) => ({
      durability: row.durability,
      stream: row.name,
      last: Number(row.last_seq),
    }));
  }

  async #logged(stream: StreamId, after: Seq, upTo: Seq): Promise<AcceptedCommand[]> {
    const { rows } = await this.#options.db.raw<{ rows: CommandRow[] }>(
      `select ${COMMAND_COLUMNS} from command where stream = ? and seq > ? and seq <= ? order by seq limit ${PAGE}`,
      [stream, after, upTo],
    );
    return rows.map(decodeRow);
  }
}
