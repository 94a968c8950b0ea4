import { isStaleEpoch } from "@castle/services/kernel/database/connect.ts";
import type { Logger } from "@castle/services/kernel/log.ts";
import { Recurring } from "@castle/services/kernel/recurring.ts";
import type { Knex } from "knex";

const CARE_EVERY_MS = 500;
/** Entries kept in the journal after the standby database holds them too: for an audit of the last minutes. */
const MARGIN = 100_000;

/**
 * In a standby cell: tells the journal how far the standby database beside it already reaches. So a peer that comes
 * back after hours sends what is missing, not the history; the journal stays small; and nobody calls the cells paired
 * while that database is being rebuilt.
 */
export class StandbyCare {
  readonly #db: Knex;
  readonly #journal: Knex;
  readonly #care: Recurring;

  constructor(options: { db: Knex; journal: Knex; log: Logger }) {
    this.#db = options.db;
    this.#journal = options.journal;
    this.#care = new Recurring({
      pauseMs: CARE_EVERY_MS,
      once: () => this.#once(),
      failed: (error) => {
        // Between a handover and the new writer's first word the journal is in another epoch: nothing to vouch for yet.
        if (!isStaleEpoch(error)) options.log.debug({ err: error }, "nothing vouched for");
      },
    });
  }

  start(): void {
    this.#care.start();
  }

  stop(): Promise<void> {
    return this.#care.stop();
  }

  async #once(): Promise<void> {
    // One statement, one snapshot: the ends of the streams belong to the epoch the same database shows.
    const { rows } = await this.#db.raw<{
      rows: { reader: boolean; epoch: string; name: string; last_seq: string }[];
    }>("select pg_is_in_recovery() as reader, r.epoch, s.name, s.last_seq from role r, stream s");
    const [first] = rows;
    if (!first || rows.some((row) => !row.reader)) return;
    for (const row of rows)
      await this.#journal.raw("select journal_vouch(?, ?, ?, ?)", [
        row.epoch,
        row.name,
        row.last_seq,
        MARGIN,
      ]);
    await this.#journal.raw("select journal_standby_follows(?)", [first.epoch]);
  }
}
