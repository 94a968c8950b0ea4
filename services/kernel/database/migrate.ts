import { readFileSync } from "node:fs";
import type { RegionName } from "@castle/regions/catalogue.ts";
import type { Knex } from "knex";
import { WALLET_STREAM } from "../domain/command.ts";
import { ledger } from "./migrations/cell-001-ledger.ts";
import { writes } from "./migrations/cell-002-writes.ts";
import { cutOff } from "./migrations/cell-003-cut-off.ts";
import { journal } from "./migrations/journal-001-journal.ts";
import { vouched } from "./migrations/journal-002-vouched.ts";

interface SqlMigration {
  readonly name: string;
  readonly sql: string;
}

const sqlOf = (file: string): string =>
  readFileSync(new URL(`./migrations/${file}`, import.meta.url), "utf8");

/** Names are recorded in the databases: a migration that has landed is never renamed or changed, only followed. */
const cellMigrations: readonly SqlMigration[] = [
  { name: "cell-001-ledger", sql: ledger },
  { name: "cell-002-writes", sql: writes },
  { name: "cell-003-cut-off", sql: cutOff },
  { name: "cell-004-engine-leads", sql: sqlOf("cell-004-engine-leads.sql") },
  { name: "cell-005-candles", sql: sqlOf("cell-005-candles.sql") },
];
const journalMigrations: readonly SqlMigration[] = [
  { name: "journal-001-journal", sql: journal },
  { name: "journal-002-vouched", sql: vouched },
];

/** Brings a cell's database to the newest schema. Runs on the writer; readers receive it. */
export const migrateCell = (db: Knex): Promise<void> => migrate(db, cellMigrations);

/** Brings a journal to the newest schema. */
export const migrateJournal = (db: Knex): Promise<void> => migrate(db, journalMigrations);

/** How a database's schema stands to this release's. */
export interface SchemaState {
  /** Names of the migrations that it lacks, in order. */
  readonly pending: readonly string[];
  /** Names of those it has and this release does not know: a newer one has been there. */
  readonly unknown: readonly string[];
}

/** Looks, and writes nothing, so that a reader may be asked as well. */
export const cellSchema = (db: Knex): Promise<SchemaState> => schemaState(db, cellMigrations);

/** As {@link cellSchema}, of a journal. */
export const journalSchema = (db: Knex): Promise<SchemaState> => schemaState(db, journalMigrations);

async function schemaState(db: Knex, migrations: readonly SqlMigration[]): Promise<SchemaState> {
  const known = migrations.map(({ name }) => name);
  const begun = await db.raw<{ rows: { begun: boolean }[] }>(
    "select to_regclass('knex_migrations') is not null as begun",
  );
  // Where nothing was ever migrated, the table that would tell is not there either.
  const made = begun.rows[0]?.begun ? await db("knex_migrations").orderBy("id").pluck<string[]>("name") : [];
  return {
    pending: known.filter((name) => !made.includes(name)),
    unknown: made.filter((name) => !known.includes(name)),
  };
}

async function migrate(db: Knex, migrations: readonly SqlMigration[]): Promise<void> {
  await db.migrate.latest({
    migrationSource: {
      getMigrations: async () => [...migrations],
      getMigrationName: (migration: SqlMigration) => migration.name,
      getMigration: async (migration: SqlMigration): Promise<Knex.Migration> => ({
        up: async (trx) => {
          await trx.raw(migration.sql);
        },
        down: () => Promise.reject(new Error(`${migration.name} has no way back: follow it with another`)),
      }),
    },
  });
}

/**
 * The first state of a new platform: epoch 1 with `region` active, open, solo (its engine pairs the cells by itself), and
 * every stream at its beginning. Harmless when repeated; a new symbol's stream is added.
 */
export async function bootstrapCell(
  db: Knex,
  options: { region: RegionName; symbols: readonly string[] },
): Promise<void> {
  await db.transaction(async (trx) => {
    await trx("role")
      .insert({ epoch: 1, region: options.region, gate: "open", durability: "solo" })
      .onConflict()
      .ignore();
    const names = [WALLET_STREAM, ...options.symbols];
    await trx("stream")
      .insert(names.map((name) => ({ name })))
      .onConflict()
      .ignore();
    await trx("progress")
      .insert(names.map((stream) => ({ stream })))
      .onConflict()
      .ignore();
  });
}
