import { epoch } from "@castle/regions/epoch.ts";
import { type AcceptedCommand, decodeCommand, encodeCommand } from "../domain/command.ts";
import { type Posting, postingsJson } from "./postings.ts";

/** A row of `command`, and of the journal's `entry`: bigints arrive as strings, or as numbers out of JSON. */
export interface CommandRow {
  readonly stream: string;
  readonly seq: string | number;
  readonly epoch: string | number;
  readonly account_id: string | number;
  readonly client_id: string;
  readonly kind: string;
  readonly accepted_at: string | number;
  readonly body: string;
}

export const COMMAND_COLUMNS = "stream, seq, epoch, account_id, client_id, kind, accepted_at, body";

/**
 * One call that writes sequenced commands with the holds of those that hold something, and moves the ends of their
 * streams: see castle_write_commands(). Parameters: {@link writtenCommands}.
 */
export const WRITE_COMMANDS = "select castle_write_commands($1::json, $2::json)";

export const writtenCommands = (commands: readonly AcceptedCommand[]): [commands: string, holds: string] => [
  JSON.stringify(
    commands.map(({ stream, seq, epoch, accountId, clientId, acceptedAt, command }) => ({
      ...{ stream, seq, epoch, account_id: accountId, client_id: clientId, kind: command.kind },
      accepted_at: acceptedAt,
      body: encodeCommand(command),
    })),
  ),
  postingsJson(commands.flatMap(holdPostings)),
];

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
