import type { Knex } from "knex";
import type { Seq, StreamId } from "../../kernel/domain/command.ts";
import type { Order } from "../book/order.ts";
import { balanceDeltas } from "../settlement/balance-delta.ts";
import type { Applied } from "../stream/applied.ts";

/** Columns of rows to come: PostgreSQL unnests one array for each, so that a chunk is one statement. */
type Columns = readonly (readonly [cast: string, values: readonly (string | number | boolean)[]])[];

interface Part {
  readonly sql: (unnested: string) => string;
  readonly columns: Columns;
}

/**
 * Writes what a chunk of commands did, and how far the stream has come, in one statement.
 *
 * Trades, postings and outcomes are plain inserts: a command applied twice must be an error, never silence. Balances
 * are taken in the order of account and asset, as acceptance takes them; in any other order the two would deadlock.
 * @param bodies the outcomes as JSON, one for each of `applied`.
 */
export async function writeChunk(
  trx: Knex.Transaction,
  stream: StreamId,
  appliedSeq: Seq,
  applied: readonly Applied[],
  bodies: readonly string[],
): Promise<void> {
  const parts = [
    accounts(applied),
    trades(stream, applied),
    orders(stream, applied),
    postings(applied),
    balances(applied),
    outcomes(stream, applied, bodies),
  ].filter((part) => (part.columns[0]?.[1].length ?? 0) > 0);
  const written = parts.map(({ sql, columns }, at) => {
    const unnested = `unnest(${columns.map(([cast]) => `?::${cast}[]`).join(", ")})`;
    return `part_${at} as (${sql(unnested)})`;
  });
  await trx.raw(`with ${written.join(",\n")} update progress set applied_seq = ? where stream = ?`, [
    ...parts.flatMap(({ columns }) => columns.map(([, values]) => values as Knex.RawBinding)),
    appliedSeq,
    stream,
  ]);
}

function accounts(applied: readonly Applied[]): Part {
  const all = applied.flatMap((one) => one.accounts);
  return {
    sql: (unnested) => `insert into account (account_id, api_key, sealed_secret) select * from ${unnested}`,
    columns: [
      ["bigint", all.map((a) => a.accountId)],
      ["text", all.map((a) => a.apiKey)],
      ["text", all.map((a) => a.sealedSecret)],
    ],
  };
}

function trades(symbol: StreamId, applied: readonly Applied[]): Part {
  const all = applied.flatMap(({ outcome }) => outcome.trades.map((trade) => ({ trade, outcome })));
  return {
    sql: (unnested) =>
      `insert into trade (symbol, trade_id, seq, price, quantity, quote_quantity, maker_order_id, taker_order_id,
                          maker_account_id, taker_account_id, buyer_is_maker, time) select * from ${unnested}`,
    columns: [
      ["text", all.map(() => symbol)],
      ["bigint", all.map(({ trade }) => trade.tradeId)],
      ["bigint", all.map(({ outcome }) => outcome.seq)],
      ["numeric", all.map(({ trade }) => trade.price)],
      ["numeric", all.map(({ trade }) => trade.quantity)],
      ["numeric", all.map(({ trade }) => trade.quoteQuantity)],
      ["bigint", all.map(({ trade }) => trade.makerOrderId)],
      ["bigint", all.map(({ trade }) => trade.takerOrderId)],
      ["bigint", all.map(({ trade }) => trade.makerAccountId)],
      ["bigint", all.map(({ trade }) => trade.takerAccountId)],
      ["boolean", all.map(({ trade }) => trade.buyerIsMaker)],
      ["bigint", all.map(({ outcome }) => outcome.time)],
    ],
  };
}

function orders(symbol: StreamId, applied: readonly Applied[]): Part {
  const last = new Map<number, Order>();
  for (const one of applied) for (const order of one.orders) last.set(order.orderId, order);
  const all = [...last.values()];
  return {
    sql: (unnested) =>
      `insert into orders as held (symbol, order_id, account_id, client_order_id, side, type, time_in_force, price,
                                   orig_qty, executed_qty, cummulative_quote_qty, hold_asset, hold_left, status, time,
                                   update_time) select * from ${unnested}
       on conflict (symbol, order_id) do update
         set executed_qty = excluded.executed_qty, cummulative_quote_qty = excluded.cummulative_quote_qty,
             hold_left = excluded.hold_left, status = excluded.status, update_time = excluded.update_time`,
    columns: [
      ["text", all.map(() => symbol)],
      ["bigint", all.map((o) => o.orderId)],
      ["bigint", all.map((o) => o.accountId)],
      ["text", all.map((o) => o.clientOrderId)],
      ["text", all.map((o) => o.side)],
      ["text", all.map((o) => o.type)],
      ["text", all.map((o) => o.timeInForce)],
      ["numeric", all.map((o) => `${o.price}`)],
      ["numeric", all.map((o) => `${o.quantity}`)],
      ["numeric", all.map((o) => `${o.executed}`)],
      ["numeric", all.map((o) => `${o.executedQuote}`)],
      ["text", all.map((o) => o.holdAsset)],
      ["numeric", all.map((o) => `${o.holdLeft}`)],
      ["text", all.map((o) => o.status)],
      ["bigint", all.map((o) => o.time)],
      ["bigint", all.map((o) => o.updateTime)],
    ],
  };
}

function postings(applied: readonly Applied[]): Part {
  const all = applied.flatMap((one) => one.postings);
  return {
    sql: (unnested) =>
      `insert into posting (stream, seq, leg, account_id, asset, bucket, amount) select * from ${unnested}`,
    columns: [
      ["text", all.map((p) => p.stream)],
      ["bigint", all.map((p) => p.seq)],
      ["integer", all.map((p) => p.leg)],
      ["bigint", all.map((p) => p.accountId)],
      ["text", all.map((p) => p.asset)],
      ["text", all.map((p) => p.bucket)],
      ["numeric", all.map((p) => `${p.amount}`)],
    ],
  };
}

/** A balance that is not there yet begins here: whoever buys an asset for the first time. */
function balances(applied: readonly Applied[]): Part {
  const all = balanceDeltas(applied.flatMap((one) => one.postings));
  return {
    sql: (unnested) =>
      `insert into balance as held (account_id, asset, free, locked)
         select account_id, asset, free, locked from ${unnested} as d (account_id, asset, free, locked)
          order by account_id, asset
       on conflict (account_id, asset) do update
         set free = held.free + excluded.free, locked = held.locked + excluded.locked`,
    columns: [
      ["bigint", all.map((d) => d.accountId)],
      ["text", all.map((d) => d.asset)],
      ["numeric", all.map((d) => `${d.free}`)],
      ["numeric", all.map((d) => `${d.locked}`)],
    ],
  };
}

function outcomes(stream: StreamId, applied: readonly Applied[], bodies: readonly string[]): Part {
  return {
    sql: (unnested) => `insert into outcome (stream, seq, body) select * from ${unnested}`,
    columns: [
      ["text", applied.map(() => stream)],
      ["bigint", applied.map(({ outcome }) => outcome.seq)],
      ["text", [...bodies]],
    ],
  };
}
