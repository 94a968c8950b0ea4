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

/** Names are recorded in the databases: a migration that has landed is never renamed or changed, only followed. */
const cellMigrations: readonly SqlMigration[] = [
  { name: "cell-001-ledger", sql: ledger },
  { name: "cell-002-writes", sql: writes },
  { name: "cell-003-cut-off", sql: cutOff },
];
const journalMigrations: readonly SqlMigration[] = [
  { name: "journal-001-journal", sql: journal },
  { name: "journal-002-vouched", sql: vouched },
];

/** Brings a cell's database to the newest schema. Runs on the writer; readers receive it. */
export const migrateCell = (db: Knex): Promise<void> => migrate(db, cellMigrations);

/** Brings a journal to the newest schema. */
export const migrateJournal = (db: Knex): Promise<void> => migrate(db, journalMigrations);

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
 * The first state of a new platform: epoch 1 with `region` active, open, solo (its gateways pair by themselves), and
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
