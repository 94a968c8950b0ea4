import { epoch } from "@castle/regions/epoch.ts";
import {
  type AcceptedCommand,
  decodeCommand,
  encodeCommand,
  type IdempotentCommand,
} from "../domain/command.ts";
import { integerArray, textArray } from "./array-literal.ts";
import type { Posting } from "./postings.ts";

/** A row of `command`, and of the journal's `entry`: bigints arrive as strings. */
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

export const decodeRow = (row: CommandRow): AcceptedCommand => ({
  stream: row.stream,
  seq: Number(row.seq),
  epoch: epoch(row.epoch),
  accountId: Number(row.account_id),
  clientId: row.client_id,
  acceptedAt: Number(row.accepted_at),
  command: decodeCommand(row.body),
});

/** Commands as parallel arrays in the order of {@link COMMAND_COLUMNS}, each PostgreSQL's literal of one. */
export const commandColumns = (
  commands: readonly AcceptedCommand[],
): [
  streams: string,
  seqs: string,
  epochs: string,
  accountIds: string,
  clientIds: string,
  kinds: string,
  acceptedAts: string,
  bodies: string,
] => [
  textArray(commands.map((c) => c.stream)),
  integerArray(commands.map((c) => c.seq)),
  integerArray(commands.map((c) => c.epoch)),
  integerArray(commands.map((c) => c.accountId)),
  textArray(commands.map((c) => c.clientId)),
  textArray(commands.map((c) => c.command.kind)),
  integerArray(commands.map((c) => c.acceptedAt)),
  textArray(commands.map((c) => encodeCommand(c.command))),
];

/** The idempotency key of each command, as castle_append_commands() takes them: empty when none of them has one. */
export function keyColumn(commands: readonly AcceptedCommand[]): string {
  const keys = commands.map(({ command }) => idempotencyKeyOf(command) ?? "");
  return keys.some((key) => key !== "") ? textArray(keys) : "{}";
}

export const idempotencyKeyOf = (
  command: IdempotentCommand | AcceptedCommand["command"],
): string | undefined => ("idempotencyKey" in command ? command.idempotencyKey : undefined);

/** The postings of a hold: what an order may cost moves from free to locked. Other commands hold nothing. */
export function holdPostings({ stream, seq, accountId, command }: AcceptedCommand): Posting[] {
  if (command.kind !== "place") return [];
  const { asset, amount } = command.hold;
  return [
    { stream, seq, leg: 0, accountId, asset, bucket: "free", amount: -amount },
    { stream, seq, leg: 1, accountId, asset, bucket: "locked", amount },
  ];
}
