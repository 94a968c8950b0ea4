import type { Mode } from "@castle/regions/role.ts";
import { COMMAND_COLUMNS, type CommandRow, decodeRow } from "@castle/services/kernel/database/command-log.ts";
import type { AcceptedCommand, Seq, StreamId } from "@castle/services/kernel/domain/command.ts";
import type { Logger } from "@castle/services/kernel/log.ts";
import { Recurring } from "@castle/services/kernel/recurring.ts";
import type { Knex } from "knex";
import type { Marks } from "../acceptance/marks.ts";
import type { PeerJournal } from "./peer-journal.ts";

const SWEEP_EVERY_MS = 300;
const PAGE = 500;

export interface SweepOptions {
  readonly db: Knex;
  readonly marks: Marks;
  readonly journal: PeerJournal;
  readonly log: Logger;
  /** Whether the witness lets this cell acknowledge alone. */
  readonly alone: () => boolean;
  readonly ring: (stream: StreamId, upTo: Seq) => void;
}

interface StreamRow {
  readonly stream: StreamId;
  readonly last: Seq;
  readonly applied: Seq;
  /** The role row's durability in the same snapshot: what was committed under `solo` needs no journal. */
  readonly durability: Mode;
}

/**
 * Finds what got lost on the way: commands that were committed and never reached the journal (their gateway died, or
 * the connection), and streams whose engine was not rung. It is what lets every other message be lost for free.
 */
export class Sweep {
  readonly #options: SweepOptions;
  readonly #sweeps: Recurring;
  #previous = new Map<StreamId, StreamRow>();

  constructor(options: SweepOptions) {
    this.#options = options;
    this.#sweeps = new Recurring({
      pauseMs: SWEEP_EVERY_MS,
      once: () => this.#once(),
      failed: (error) => options.log.warn({ err: error }, "a sweep failed"),
    });
  }

  start(): void {
    this.#sweeps.start();
  }

  stop(): Promise<void> {
    return this.#sweeps.stop();
  }

  /**
   * Appends everything the journal lacks of what is committed now. @returns true once the journal reaches to where
   * every stream ended when this was called; false when it cannot be reached.
   */
  async backfill(): Promise<boolean> {
    const { journal } = this.#options;
    if (!(await journal.refresh())) return false;
    for (const { stream, last } of await this.#streams())
      while (journal.reaches(stream) < last) {
        if (this.#sweeps.signal.aborted) return false;
        const from = journal.reaches(stream);
        if (!(await journal.appended(await this.#committed(stream, from, last)))) return false;
        if (journal.reaches(stream) === from)
          throw new Error(`stream ${stream}: the journal's mark stays at ${from}`);
      }
    return true;
  }

  async #once(): Promise<void> {
    const { marks, journal, alone, ring } = this.#options;
    const streams = await this.#streams();
    for (const row of streams) {
      const before = this.#previous.get(row.stream);
      if (row.durability === "solo" && alone()) marks.advance(row.stream, row.last);
      else if (before && journal.up && journal.reaches(row.stream) < before.last)
        // Committed a whole sweep ago and still not there: nobody is bringing it.
        await journal.appended(await this.#committed(row.stream, journal.reaches(row.stream), row.last));
      const mark = marks.of(row.stream);
      if (row.applied < mark && (!before || before.applied === row.applied)) ring(row.stream, mark);
    }
    this.#previous = new Map(streams.map((row) => [row.stream, row]));
  }

  async #streams(): Promise<StreamRow[]> {
    const { rows } = await this.#options.db.raw<{
      rows: { name: string; last_seq: string; applied_seq: string; durability: Mode }[];
    }>(
      `select s.name, s.last_seq, p.applied_seq, r.durability
       from role r, stream s join progress p on p.stream = s.name order by s.name`,
    );
    return rows.map((row) => ({
      durability: row.durability,
      stream: row.name,
      last: Number(row.last_seq),
      applied: Number(row.applied_seq),
    }));
  }

  async #committed(stream: StreamId, after: Seq, upTo: Seq): Promise<AcceptedCommand[]> {
    const { rows } = await this.#options.db.raw<{ rows: CommandRow[] }>(
      `select ${COMMAND_COLUMNS} from command where stream = ? and seq > ? and seq <= ? order by seq limit ${PAGE}`,
      [stream, after, upTo],
    );
    return rows.map(decodeRow);
  }
}
