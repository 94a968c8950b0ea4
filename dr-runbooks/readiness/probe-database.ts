import type { Knex } from "knex";

/** Settings by name, as `pg_settings` shows them, with their unit. */
export type Settings = ReadonlyMap<string, string>;

export async function settingsOf(knex: Knex, names: readonly string[]): Promise<Settings> {
  const { rows } = await knex.raw<{ rows: { name: string; setting: string; unit: string | null }[] }>(
    "select name, setting, unit from pg_settings where name = any(?) order by name",
    [[...names]],
  );
  return new Map(rows.map(({ name, setting, unit }) => [name, `${setting}${unit ?? ""}`]));
}

export interface Connected {
  /** Most that anybody but a superuser may have. */
  readonly most: number;
  readonly used: number;
  /** Of each connection, what its program calls itself; a service's instance does by its name. */
  readonly programs: readonly string[];
}

export async function connectedTo(knex: Knex): Promise<Connected> {
  const { rows } = await knex.raw<{ rows: { most: number; program: string }[] }>(
    `select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as most,
            application_name as program
     from pg_stat_activity where backend_type = 'client backend'`,
  );
  return {
    most: rows[0]?.most ?? 0,
    used: rows.length,
    programs: rows.map(({ program }) => program),
  };
}

/** Seconds since the last transaction that a reader has replayed was committed; null when it has replayed none. */
export async function replayedSecondsAgo(knex: Knex): Promise<number | null> {
  const { rows } = await knex.raw<{ rows: { ago: number | null }[] }>(
    "select extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8 as ago",
  );
  return rows[0]?.ago ?? null;
}
