import { epoch } from "@castle/regions/epoch.ts";
import type { Knex } from "knex";
import { type AcceptedCommand, decodeCommand, type Seq, type StreamId } from "../../kernel/domain/command.ts";

interface CommandRow {
  readonly seq: string;
  readonly epoch: string;
  readonly account_id: string;
  readonly client_id: string;
  readonly accepted_at: string;
  readonly body: string;
}

/**
 * The stream's commands after `applied` up to `upTo`, in order.
 * @throws Error when one is missing: a doorbell tells only of commands that are stored, so something else is broken.
 */
export async function readCommands(
  trx: Knex.Transaction,
  stream: StreamId,
  applied: Seq,
  upTo: Seq,
): Promise<AcceptedCommand[]> {
  const { rows } = await trx.raw<{ rows: CommandRow[] }>(
    `select seq, epoch, account_id, client_id, accepted_at, body from command
      where stream = ? and seq > ? and seq <= ? order by seq`,
    [stream, applied, upTo],
  );
  for (let at = 0; at < upTo - applied; at += 1)
    if (Number(rows[at]?.seq) !== applied + 1 + at)
      throw new Error(
        `command ${applied + 1 + at} of stream ${stream} is not in the database, though a doorbell told of ${upTo}; the stream stays at ${applied}`,
      );
  return rows.map((row) => ({
    stream,
    seq: Number(row.seq),
    epoch: epoch(row.epoch),
    accountId: Number(row.account_id),
    clientId: row.client_id,
    acceptedAt: Number(row.accepted_at),
    command: decodeCommand(row.body),
  }));
}
