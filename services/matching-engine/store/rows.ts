import type { Statement } from "../../kernel/database/pipelined.ts";
import { postingColumns, WRITE_POSTINGS } from "../../kernel/database/postings.ts";
import type { StreamId } from "../../kernel/domain/command.ts";
import type { Order } from "../book/order.ts";
import type { Applied } from "../stream/applied.ts";

/** Rows to write to one table: PostgreSQL unnests one array for each column, so that a chunk costs few statements. */
export interface Rows {
  readonly statement: Statement;
  readonly columns: unknown[];
}

const ACCOUNTS: Statement = {
  name: "insert-accounts",
  text: `insert into account (account_id, api_key, sealed_secret)
    select * from unnest($1::bigint[], $2::text[], $3::text[])`,
};
const TRADES: Statement = {
  name: "insert-trades",
  text: `insert into trade (symbol, trade_id, seq, price, quantity, quote_quantity, maker_order_id, taker_order_id,
      maker_account_id, taker_account_id, buyer_is_maker, time)
    select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::numeric[], $5::numeric[], $6::numeric[],
      $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::boolean[], $12::bigint[])`,
};
const ORDERS: Statement = {
  name: "write-orders",
  text: `insert into orders (symbol, order_id, account_id, client_order_id, side, type, time_in_force, price, orig_qty,
      executed_qty, cummulative_quote_qty, hold_asset, hold_left, status, time, update_time)
    select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[],
      $8::numeric[], $9::numeric[], $10::numeric[], $11::numeric[], $12::text[], $13::numeric[], $14::text[],
      $15::bigint[], $16::bigint[])
    on conflict (symbol, order_id) do update
      set executed_qty = excluded.executed_qty, cummulative_quote_qty = excluded.cummulative_quote_qty,
        hold_left = excluded.hold_left, status = excluded.status, update_time = excluded.update_time`,
};
const POSTINGS: Statement = { name: "write-postings", text: WRITE_POSTINGS };
const OUTCOMES: Statement = {
  name: "insert-outcomes",
  text: "insert into outcome (stream, seq, body) select * from unnest($1::text[], $2::bigint[], $3::text[])",
};

/** What a chunk's commands leave in each table; tables that get nothing are left out. */
export function rowsOf(stream: StreamId, applied: readonly Applied[], outcomes: readonly string[]): Rows[] {
  return [
    accounts(applied),
    trades(stream, applied),
    orders(stream, applied),
    postings(applied),
    outcomeRows(stream, applied, outcomes),
  ].filter(({ columns: [first] }) => Array.isArray(first) && first.length > 0);
}

function accounts(applied: readonly Applied[]): Rows {
  const all = applied.flatMap((one) => one.accounts);
  return {
    statement: ACCOUNTS,
    columns: [all.map((a) => a.accountId), all.map((a) => a.apiKey), all.map((a) => a.sealedSecret)],
  };
}

function trades(symbol: StreamId, applied: readonly Applied[]): Rows {
  const all = applied.flatMap(({ outcome }) =>
    outcome.trades.map((trade) => ({ ...trade, seq: outcome.seq, time: outcome.time })),
  );
  return {
    statement: TRADES,
    columns: [
      all.map(() => symbol),
      all.map((t) => t.tradeId),
      all.map((t) => t.seq),
      all.map((t) => t.price),
      all.map((t) => t.quantity),
      all.map((t) => t.quoteQuantity),
      all.map((t) => t.makerOrderId),
      all.map((t) => t.takerOrderId),
      all.map((t) => t.makerAccountId),
      all.map((t) => t.takerAccountId),
      all.map((t) => t.buyerIsMaker),
      all.map((t) => t.time),
    ],
  };
}

function orders(symbol: StreamId, applied: readonly Applied[]): Rows {
  const last = new Map<number, Order>();
  for (const one of applied) for (const order of one.orders) last.set(order.orderId, order);
  const all = [...last.values()];
  return {
    statement: ORDERS,
    columns: [
      all.map(() => symbol),
      all.map((o) => o.orderId),
      all.map((o) => o.accountId),
      all.map((o) => o.clientOrderId),
      all.map((o) => o.side),
      all.map((o) => o.type),
      all.map((o) => o.timeInForce),
      all.map((o) => `${o.price}`),
      all.map((o) => `${o.quantity}`),
      all.map((o) => `${o.executed}`),
      all.map((o) => `${o.executedQuote}`),
      all.map((o) => o.holdAsset),
      all.map((o) => `${o.holdLeft}`),
      all.map((o) => o.status),
      all.map((o) => o.time),
      all.map((o) => o.updateTime),
    ],
  };
}

function postings(applied: readonly Applied[]): Rows {
  return { statement: POSTINGS, columns: postingColumns(applied.flatMap((one) => one.postings)) };
}

function outcomeRows(stream: StreamId, applied: readonly Applied[], outcomes: readonly string[]): Rows {
  return {
    statement: OUTCOMES,
    columns: [applied.map(() => stream), applied.map(({ outcome }) => outcome.seq), [...outcomes]],
  };
}
