import type { Knex } from "knex";

/** Who places the orders. */
export const ACCOUNT = 7;

/** Places orders of the account, with holds of 100 USDT and what the engine made of them: an outcome, a trade, a fill. */
export async function trade(db: Knex, first: number, last: number, clients = "c"): Promise<void> {
  const places = Array.from({ length: last - first + 1 }, (_, n) => first + n);
  const json = (rows: object[]): string => JSON.stringify(rows);
  const leg = (seq: number, number: number, account_id: number, bucket: string, amount: number) => ({
    ...{ stream: "BTCUSDT", seq, leg: number, account_id, asset: "USDT", bucket, amount: `${amount}` },
  });
  await db.raw("select castle_write_commands(?::json, ?::json)", [
    json(
      places.map((seq) => ({
        ...{ stream: "BTCUSDT", seq, epoch: 1, account_id: ACCOUNT, client_id: `${clients}${seq}` },
        ...{ kind: "place", accepted_at: seq, body: `{"kind":"place","of":"${clients}${seq}"}` },
      })),
    ),
    json(places.flatMap((seq) => [leg(seq, 0, ACCOUNT, "free", -100), leg(seq, 1, ACCOUNT, "locked", 100)])),
  ]);
  await db.raw("select castle_write_postings(?::json)", [
    json(places.flatMap((seq) => [leg(seq, 2, ACCOUNT, "locked", -100), leg(seq, 3, 8, "free", 100)])),
  ]);
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
