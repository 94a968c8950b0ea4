import { readFileSync } from "node:fs";
import { commandColumns, keyColumn } from "@castle/services/kernel/database/command-log.ts";
import type { AcceptedCommand } from "@castle/services/kernel/domain/command.ts";
import type { Knex } from "knex";

/** Puts commands behind the ends of their streams, as nobody's engine. */
export async function appendToLog(db: Knex, commands: readonly AcceptedCommand[]): Promise<void> {
  await db.raw("select castle_append_commands(?, ?, ?, ?, ?, ?, ?, ?, ?)", [
    ...commandColumns(commands),
    keyColumn(commands),
  ]);
}

/** Back to the first state: epoch 1, open, nothing accepted, and no money. */
export async function clearCell(db: Knex): Promise<void> {
  await db.raw("truncate command, idempotency, outcome, posting, orders, trade, balance, account, lead");
  await db.raw("update stream set last_seq = 0; update progress set applied_seq = 0");
  await db("role").update({ epoch: 1, region: "eu-west-1", gate: "open", durability: "solo" });
}

const file = "../../../../services/kernel/database/migrations/cell-004-engine-leads.sql";

/** The migration that made the engine lead. */
export const engineLeads = readFileSync(new URL(file, import.meta.url), "utf8");
