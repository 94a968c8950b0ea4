import { RecordWriter } from "@castle/lab/traders/record-writer.ts";
import type { RecordKind } from "@castle/lab/traders/records.ts";
import { encodeCommand } from "@castle/services/kernel/domain/command.ts";
import type { Knex } from "knex";
import type { World } from "../../unit/audit/support/world.ts";

/** Rows in one insert: PostgreSQL takes 65,535 parameters. */
const CHUNK = 3_000;

/** Puts a world into a bootstrapped database, as the platform would have left it there. */
export async function storeWorld(db: Knex, world: World): Promise<void> {
  for (const [name, { commands, outcomes }] of world.streams) {
    await insert(db, "command", commands, ({ command, ...accepted }) =>
      snakeCased({ ...accepted, kind: command.kind, body: encodeCommand(command) }),
    );
    await db("stream").where({ name }).update({ last_seq: commands.length });
    await db("progress").where({ stream: name }).update({ applied_seq: commands.length });
    await insert(db, "outcome", outcomes, ({ seq, body }) => ({ stream: name, seq, body }));
  }
  await insert(db, "trade", world.trades, snakeCased);
  await insert(db, "orders", world.orders, snakeCased);
  await insert(db, "posting", world.postings, snakeCased);
  await insert(db, "balance", world.balances, snakeCased);
}

/** Writes down what a world's listeners were told, as the traders' process does. */
export async function recordWorld(folder: string, { told }: World): Promise<void> {
  const writer = new RecordWriter(folder);
  const write = <Kind extends RecordKind>(kind: Kind): void => {
    for (const record of told[kind]) writer.write(kind, record);
  };
  for (const kind of Object.keys(told) as RecordKind[]) write(kind);
  await writer.close();
}

async function insert<Row>(
  db: Knex,
  table: string,
  rows: readonly Row[],
  columns: (row: Row) => Record<string, unknown>,
): Promise<void> {
  if (rows.length > 0) await db.batchInsert(table, rows.map(columns), CHUNK);
}

const snakeCased = (row: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      typeof value === "bigint" ? value.toString() : value,
    ]),
  );
