import { epoch } from "@castle/regions/epoch.ts";
import { type AcceptedCommand, decodeCommand, encodeCommand } from "../domain/command.ts";
import type { Posting } from "./postings.ts";

/** A row of `command`, and of the journal's `entry`: bigints arrive as strings. */
export interface CommandRow {
  readonly stream: string;
  readonly seq: string;
  readonly epoch: string;
  readonly account_id: string;
  readonly client_id: string;
  readonly kind: string;
  readonly accepted_at: string;
  readonly body: string;
}

export const COMMAND_COLUMNS = "stream, seq, epoch, account_id, client_id, kind, accepted_at, body";

/** The SQL types of {@link COMMAND_COLUMNS}, for unnest. */
export const COMMAND_ARRAYS =
  "$1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::text[]";

export const INSERT_COMMANDS = `insert into command (${COMMAND_COLUMNS}) select * from unnest(${COMMAND_ARRAYS})`;

export const decodeRow = (row: CommandRow): AcceptedCommand => ({
  stream: row.stream,
  seq: Number(row.seq),
  epoch: epoch(row.epoch),
  accountId: Number(row.account_id),
  clientId: row.client_id,
  acceptedAt: Number(row.accepted_at),
  command: decodeCommand(row.body),
});

/** Commands as parallel arrays in the order of {@link COMMAND_COLUMNS}. */
export const commandColumns = (commands: readonly AcceptedCommand[]): unknown[] => [
  commands.map((c) => c.stream),
  commands.map((c) => c.seq),
  commands.map((c) => c.epoch),
  commands.map((c) => c.accountId),
  commands.map((c) => c.clientId),
  commands.map((c) => c.command.kind),
  commands.map((c) => c.acceptedAt),
  commands.map((c) => encodeCommand(c.command)),
];

/** The postings of acceptance: what an order may cost moves from free to locked. Other commands hold nothing. */
export function holdPostings({ stream, seq, accountId, command }: AcceptedCommand): Posting[] {
  if (command.kind !== "place") return [];
  const { asset, amount } = command.hold;
  const leg = { stream, seq, accountId, asset };
  return [
    { ...leg, leg: 0, bucket: "free", amount: -amount },
    { ...leg, leg: 1, bucket: "locked", amount },
  ];
}

/** Moves a stream's end. @param values [names text[], last seqs bigint[]] */
export const MOVE_STREAMS = `update stream set last_seq = moved.last_seq
  from unnest($1::text[], $2::bigint[]) as moved (name, last_seq) where stream.name = moved.name`;
