import type { RegionName } from "@castle/regions/catalogue.ts";
import type { Epoch } from "@castle/regions/epoch.ts";
import type { Knex } from "knex";
import type { StreamId } from "../domain/command.ts";
import { COMMAND_COLUMNS, type CommandRow, commandColumns, decodeRow, keyColumn } from "./command-log.ts";

const PAGE = 500;

export interface ReplayOptions {
  /** The journal beside the promoted database: what the former active cell had made durable here. */
  readonly journal: Knex;
  /** The promoted database. */
  readonly cell: Knex;
  /** The new epoch, raised in the database already, and its region. */
  readonly epoch: Epoch;
  readonly region: RegionName;
}

/**
 * Copies the journal's commands past the database's last seq of each stream into the database's command log, from which
 * the engine applies them. Repeating it changes nothing.
 * @returns how many commands each stream was given.
 * @throws when another epoch holds the database (CS001).
 */
export async function replayJournal(options: ReplayOptions): Promise<{ replayed: Record<StreamId, number> }> {
  const { rows } = await options.journal.raw<{ rows: { stream: StreamId; mark: string }[] }>(
    "select stream, mark from high_water order by stream",
  );
  const replayed: Record<StreamId, number> = {};
  for (const { stream, mark } of rows) replayed[stream] = await replayStream(options, stream, Number(mark));
  return { replayed };
}

async function replayStream(options: ReplayOptions, stream: StreamId, mark: number): Promise<number> {
  let copied = 0;
  for (;;) {
    const page = await options.cell.transaction((trx) => replayPage(trx, options, stream, mark));
    copied += page;
    if (page < PAGE) return copied;
  }
}

async function replayPage(
  trx: Knex.Transaction,
  { journal, epoch, region }: ReplayOptions,
  stream: StreamId,
  mark: number,
): Promise<number> {
  await trx.raw("select * from castle_guard(?, ?)", [epoch, region]);
  await trx.raw("insert into stream (name) values (?) on conflict do nothing", [stream]);
  await trx.raw("insert into progress (stream) values (?) on conflict do nothing", [stream]);
  const held = await trx.raw<{ rows: { last_seq: string }[] }>(
    "select last_seq from stream where name = ? for update",
    [stream],
  );
  const last = Number(held.rows[0]?.last_seq ?? 0);
  const { rows } = await journal.raw<{ rows: CommandRow[] }>(
    `select ${COMMAND_COLUMNS} from entry where stream = ? and seq > ? and seq <= ? order by seq limit ${PAGE}`,
    [stream, last, mark],
  );
  if (rows.length === 0) {
    if (mark > last)
      throw new Error(
        `stream ${stream}: the journal reaches to ${mark} but holds nothing past ${last}, where the database ends`,
      );
    return 0;
  }
  const commands = rows.map(decodeRow);
  commands.forEach((command, index) => {
    if (command.seq !== last + 1 + index)
      throw new Error(
        `stream ${stream}: the journal lacks seq ${last + 1 + index}; replay stopped before it`,
      );
  });
  await trx.raw("select castle_append_commands(?, ?, ?, ?, ?, ?, ?, ?, ?)", [
    ...commandColumns(commands),
    keyColumn(commands),
  ]);
  return commands.length;
}
