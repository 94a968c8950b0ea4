import type { Knex } from "knex";

/** The last word of the standby database beside a journal that it follows. */
export interface Vouched {
  readonly epoch: number;
  readonly secondsAgo: number;
  /** It was said to this very server: what a server that was started since holds may be older than its word. */
  readonly sinceStart: boolean;
}

/** What stands in the table behind `journal_standby_followed`: read as it is, so that any epoch may be asked for. */
export async function vouchedIn(knex: Knex): Promise<Vouched> {
  const { rows } = await knex.raw<{ rows: { epoch: string; ago: number; since_start: boolean }[] }>(
    `select epoch, extract(epoch from clock_timestamp() - at)::float8 as ago,
            at > pg_postmaster_start_time() as since_start
     from vouched`,
  );
  const [row] = rows;
  if (!row) throw new Error("the journal's table vouched has no row: it was never migrated");
  return { epoch: Number(row.epoch), secondsAgo: Math.max(0, row.ago), sinceStart: row.since_start };
}
