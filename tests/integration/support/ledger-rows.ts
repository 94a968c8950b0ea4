import type { Knex } from "knex";

/** A row of `command`, but for its epoch, which is 1. */
export interface LoggedCommand {
  readonly stream: string;
  readonly seq: number;
  readonly accountId: number;
  readonly clientId: string;
  readonly acceptedAt: number;
  readonly body: string;
}

/** Logs place commands as they are, whatever they say: behind the end of their stream. */
export async function logCommands(db: Knex, commands: readonly LoggedCommand[]): Promise<void> {
  await db.raw(
    `select castle_append_commands(?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::bigint[],
       ?::text[], '{}')`,
    [
      commands.map(({ stream }) => stream),
      commands.map(({ seq }) => seq),
      commands.map(() => 1),
      commands.map(({ accountId }) => accountId),
      commands.map(({ clientId }) => clientId),
      commands.map(() => "place"),
      commands.map(({ acceptedAt }) => acceptedAt),
      commands.map(({ body }) => body),
    ],
  );
}

/** A leg of USDT. */
export interface PostedLeg {
  readonly stream: string;
  readonly seq: number;
  readonly leg: number;
  readonly accountId: number;
  readonly bucket: "free" | "locked";
  readonly amount: number;
}

/** Posts legs, and adds them to the balances: also below zero, which the table itself would refuse. */
export async function post(db: Knex, legs: readonly PostedLeg[]): Promise<void> {
  await db.raw("alter table balance drop constraint if exists balance_not_below_zero");
  await db("posting").insert(
    legs.map(({ stream, seq, leg, accountId, bucket, amount }) => ({
      ...{ stream, seq, leg, account_id: accountId, asset: "USDT", bucket, amount },
    })),
  );
  for (const { accountId, bucket, amount } of legs)
    await db.raw(
      `insert into balance (account_id, asset, ${bucket}) values (?, 'USDT', ?)
       on conflict (account_id, asset) do update set ${bucket} = balance.${bucket} + excluded.${bucket}`,
      [accountId, amount],
    );
}
