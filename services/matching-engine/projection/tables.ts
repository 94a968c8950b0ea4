import { booleanArray, integerArray, textArray } from "../../kernel/database/array-literal.ts";
import type { Statement } from "../../kernel/database/pipelined.ts";
import type { AppliedCommand } from "../application/applied-command.ts";
import type { Order } from "../book/order.ts";
import { balanceDeltas } from "../settlement/balance-delta.ts";

/** One statement of a chunk's transaction, with its parameters. */
export interface Write {
  readonly statement: Statement;
  readonly values: readonly string[];
}

/**
 * What a chunk writes, a statement a table, none for a table without rows. Plain inserts: a command projected twice must
 * be an error, never silence.
 */
export const writesOf = (chunk: readonly AppliedCommand[]): Write[] => [
  ...[accounts(chunk), trades(chunk), orders(chunk), postings(chunk)].filter((write) => write !== null),
  ...balances(chunk),
  outcomes(chunk),
];

const ACCOUNTS: Statement = {
  name: "project-accounts",
  text: "insert into account (account_id, api_key, sealed_secret) select * from unnest($1::bigint[], $2::text[], $3::text[])",
};

function accounts(chunk: readonly AppliedCommand[]): Write | null {
  const rows = chunk.flatMap(({ applied }) => applied.accounts);
  if (rows.length === 0) return null;
  return {
    statement: ACCOUNTS,
    values: [
      integerArray(rows.map((row) => row.accountId)),
      textArray(rows.map((row) => row.apiKey)),
      textArray(rows.map((row) => row.sealedSecret)),
    ],
  };
}

const TRADES: Statement = {
  name: "project-trades",
  text: `insert into trade (symbol, trade_id, seq, price, quantity, quote_quantity, maker_order_id, taker_order_id,
      maker_account_id, taker_account_id, buyer_is_maker, time)
    select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::numeric[], $5::numeric[], $6::numeric[],
      $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::boolean[], $12::bigint[])`,
};

function trades(chunk: readonly AppliedCommand[]): Write | null {
  const rows = chunk.flatMap(({ applied: { outcome } }) =>
    outcome.trades.map((trade) => ({ trade, outcome })),
  );
  if (rows.length === 0) return null;
  return {
    statement: TRADES,
    values: [
      textArray(rows.map(({ outcome }) => outcome.stream)),
      integerArray(rows.map(({ trade }) => trade.tradeId)),
      integerArray(rows.map(({ outcome }) => outcome.seq)),
      integerArray(rows.map(({ trade }) => trade.price)),
      integerArray(rows.map(({ trade }) => trade.quantity)),
      integerArray(rows.map(({ trade }) => trade.quoteQuantity)),
      integerArray(rows.map(({ trade }) => trade.makerOrderId)),
      integerArray(rows.map(({ trade }) => trade.takerOrderId)),
      integerArray(rows.map(({ trade }) => trade.makerAccountId)),
      integerArray(rows.map(({ trade }) => trade.takerAccountId)),
      booleanArray(rows.map(({ trade }) => trade.buyerIsMaker)),
      integerArray(rows.map(({ outcome }) => outcome.time)),
    ],
  };
}

const ORDERS: Statement = {
  name: "project-orders",
  text: `insert into orders (symbol, order_id, account_id, client_order_id, side, type, time_in_force, price, orig_qty,
      executed_qty, cummulative_quote_qty, hold_asset, hold_left, status, time, update_time, updated_seq)
    select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[],
      $8::numeric[], $9::numeric[], $10::numeric[], $11::numeric[], $12::text[], $13::numeric[], $14::text[],
      $15::bigint[], $16::bigint[], $17::bigint[])
    on conflict (symbol, order_id) do update
      set executed_qty = excluded.executed_qty, cummulative_quote_qty = excluded.cummulative_quote_qty,
        hold_left = excluded.hold_left, status = excluded.status, update_time = excluded.update_time,
        updated_seq = excluded.updated_seq`,
};

function orders(chunk: readonly AppliedCommand[]): Write | null {
  const last = new Map<string, { order: Order; symbol: string; seq: number }>();
  for (const { accepted, applied } of chunk)
    for (const order of applied.orders)
      last.set(`${accepted.stream} ${order.orderId}`, { order, symbol: accepted.stream, seq: accepted.seq });
  if (last.size === 0) return null;
  const rows = [...last.values()];
  const all = rows.map(({ order }) => order);
  return {
    statement: ORDERS,
    values: [
      textArray(rows.map(({ symbol }) => symbol)),
      integerArray(all.map((order) => order.orderId)),
      integerArray(all.map((order) => order.accountId)),
      textArray(all.map((order) => order.clientOrderId)),
      textArray(all.map((order) => order.side)),
      textArray(all.map((order) => order.type)),
      textArray(all.map((order) => order.timeInForce)),
      integerArray(all.map((order) => order.price)),
      integerArray(all.map((order) => order.quantity)),
      integerArray(all.map((order) => order.executed)),
      integerArray(all.map((order) => order.executedQuote)),
      textArray(all.map((order) => order.holdAsset)),
      integerArray(all.map((order) => order.holdLeft)),
      textArray(all.map((order) => order.status)),
      integerArray(all.map((order) => order.time)),
      integerArray(all.map((order) => order.updateTime)),
      integerArray(rows.map(({ seq }) => seq)),
    ],
  };
}

const POSTINGS: Statement = {
  name: "project-postings",
  text: `insert into posting (stream, seq, leg, account_id, asset, bucket, amount)
    select * from unnest($1::text[], $2::bigint[], $3::integer[], $4::bigint[], $5::text[], $6::text[], $7::numeric[])`,
};

function postings(chunk: readonly AppliedCommand[]): Write | null {
  const rows = chunk.flatMap(({ applied }) => applied.postings);
  if (rows.length === 0) return null;
  return {
    statement: POSTINGS,
    values: [
      textArray(rows.map((row) => row.stream)),
      integerArray(rows.map((row) => row.seq)),
      integerArray(rows.map((row) => row.leg)),
      integerArray(rows.map((row) => row.accountId)),
      textArray(rows.map((row) => row.asset)),
      textArray(rows.map((row) => row.bucket)),
      integerArray(rows.map((row) => row.amount)),
    ],
  };
}

/** Apart from the sums: what is inserted is checked to be above zero before anybody sees that it would only be added. */
const NEW_BALANCES: Statement = {
  name: "project-new-balances",
  text: `insert into balance (account_id, asset) select * from unnest($1::bigint[], $2::text[])
    on conflict (account_id, asset) do nothing`,
};
const BALANCES: Statement = {
  name: "project-balances",
  text: `update balance b set free = b.free + u.free, locked = b.locked + u.locked
    from unnest($1::bigint[], $2::text[], $3::numeric[], $4::numeric[]) as u (account_id, asset, free, locked)
    where b.account_id = u.account_id and b.asset = u.asset`,
};

function balances(chunk: readonly AppliedCommand[]): Write[] {
  const rows = balanceDeltas(chunk.flatMap(({ applied }) => applied.postings));
  if (rows.length === 0) return [];
  const accountIds = integerArray(rows.map((row) => row.accountId));
  const assets = textArray(rows.map((row) => row.asset));
  const free = integerArray(rows.map((row) => row.free));
  const locked = integerArray(rows.map((row) => row.locked));
  return [
    { statement: NEW_BALANCES, values: [accountIds, assets] },
    { statement: BALANCES, values: [accountIds, assets, free, locked] },
  ];
}

/** Bodies are JSON, which has no line's end in it: escaping each for an array would cost more than all the other columns. */
const OUTCOMES: Statement = {
  name: "project-outcomes",
  text: `insert into outcome (stream, seq, body)
    select * from unnest($1::text[], $2::bigint[], string_to_array($3, E'\\n'))`,
};

const outcomes = (chunk: readonly AppliedCommand[]): Write => ({
  statement: OUTCOMES,
  values: [
    textArray(chunk.map(({ accepted }) => accepted.stream)),
    integerArray(chunk.map(({ accepted }) => accepted.seq)),
    chunk.map(({ outcome }) => outcome).join("\n"),
  ],
});
