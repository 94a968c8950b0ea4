import { isStaleEpoch } from "@castle/services/kernel/database/connect.ts";
import type { Logger } from "@castle/services/kernel/log.ts";
import { Recurring } from "@castle/services/kernel/recurring.ts";
import type { Knex } from "knex";

const REPORT_EVERY_MS = 500;
/** Entries kept in the journal after the standby database holds them too: for an audit of the last minutes. */
const MARGIN = 100_000;

/**
 * In a standby cell: tells the journal how far the standby database beside it already reaches. So a peer that comes
 * back after hours sends what is missing, not the history; the journal stays small; and nobody calls the cells paired
 * while that database is being rebuilt.
 */
export class StandbyProgressReporter {
  readonly #db: Knex;
  readonly #journal: Knex;
  readonly #reports: Recurring;

  constructor(options: { db: Knex; journal: Knex; log: Logger }) {
    this.#db = options.db;
    this.#journal = options.journal;
    this.#reports = new Recurring({
      pauseMs: REPORT_EVERY_MS,
      once: () => this.#once(),
      failed: (error) => {
        // Between a handover and the new writer's first word the journal is in another epoch: nothing to vouch for yet.
        if (!isStaleEpoch(error)) options.log.debug({ err: error }, "nothing vouched for");
      },
    });
  }

  start(): void {
    this.#reports.start();
  }

  stop(): Promise<void> {
    return this.#reports.stop();
  }

  async #once(): Promise<void> {
    // One statement, one snapshot: the ends of the streams belong to the epoch the same database shows.
    const { rows } = await this.#db.raw<{
      rows: { reader: boolean; epoch: string; name: string; last_seq: string }[];
    }>("select pg_is_in_recovery() as reader, r.epoch, s.name, s.last_seq from role r, stream s");
    const [first] = rows;
    if (!first || rows.some((row) => !row.reader)) return;
    await this.#journal.raw(
      `select journal_vouch(?, u.name, u.last_seq, ?)
       from unnest(?::text[], ?::bigint[]) as u (name, last_seq) order by u.name`,
      [first.epoch, MARGIN, rows.map(({ name }) => name), rows.map(({ last_seq }) => last_seq)],
    );
    await this.#journal.raw("select journal_standby_follows(?)", [first.epoch]);
  }
}
