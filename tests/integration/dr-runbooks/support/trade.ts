import type { Knex } from "knex";
import { logCommands, post } from "../../support/ledger-rows.ts";

/** Who places the orders. */
export const ACCOUNT = 7;

/** Places orders of the account, with holds of 100 USDT and what the engine made of them: an outcome, a trade, a fill. */
export async function trade(db: Knex, first: number, last: number, clients = "c"): Promise<void> {
  const places = Array.from({ length: last - first + 1 }, (_, n) => first + n);
  await logCommands(
    db,
    places.map((seq) => ({
      ...{ stream: "BTCUSDT", seq, accountId: ACCOUNT, clientId: `${clients}${seq}`, acceptedAt: seq },
      body: `{"kind":"place","of":"${clients}${seq}"}`,
    })),
  );
  const leg = (
    seq: number,
    number: number,
    accountId: number,
    bucket: "free" | "locked",
    amount: number,
  ) => ({
    ...{ stream: "BTCUSDT", seq, leg: number, accountId, bucket, amount },
  });
  await post(
    db,
    places.flatMap((seq) => [
      leg(seq, 0, ACCOUNT, "free", -100),
      leg(seq, 1, ACCOUNT, "locked", 100),
      leg(seq, 2, ACCOUNT, "locked", -100),
      leg(seq, 3, 8, "free", 100),
    ]),
  );
  await db.raw(
    `insert into outcome select 'BTCUSDT', seq, 'outcome of ' || seq || ? from generate_series(?::int, ?::int) as seq`,
    [clients, first, last],
  );
  await db.raw(
    `insert into trade select 'BTCUSDT', seq * 1000, seq, 1, 1, 1, 1, seq, 8, 7, false, seq
     from generate_series(?::int, ?::int) as seq`,
    [first, last],
  );
}
