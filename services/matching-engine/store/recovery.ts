import type { Knex } from "knex";
import type { AcceptedCommand, OrderType, Seq, Side, TimeInForce } from "../../kernel/domain/command.ts";
import type { OrderStatus } from "../../kernel/domain/outcome.ts";
import type { MarketSymbol } from "../../kernel/domain/symbols.ts";
import type { Order } from "../book/order.ts";
import { OrderBook } from "../book/order-book.ts";
import { Market } from "../stream/market.ts";
import { Wallets } from "../stream/wallets.ts";

interface OrderRow {
  readonly order_id: string;
  readonly account_id: string;
  readonly client_order_id: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly time_in_force: TimeInForce;
  readonly price: string;
  readonly orig_qty: string;
  readonly executed_qty: string;
  readonly cummulative_quote_qty: string;
  readonly hold_asset: string;
  readonly hold_left: string;
  readonly status: OrderStatus;
  readonly time: string;
  readonly update_time: string;
}

/** The symbol's book as the database holds it. The caller holds the stream's progress, at `appliedSeq`. */
export async function recoverMarket(
  trx: Knex.Transaction,
  symbol: MarketSymbol,
  appliedSeq: Seq,
): Promise<Market> {
  const { rows } = await trx.raw<{ rows: OrderRow[] }>(
    `select order_id, account_id, client_order_id, side, type, time_in_force, price, orig_qty, executed_qty,
            cummulative_quote_qty, hold_asset, hold_left, status, time, update_time
       from orders where symbol = ? and status in ('NEW', 'PARTIALLY_FILLED') order by order_id`,
    [symbol.name],
  );
  return new Market(OrderBook.restore(symbol, appliedSeq, rows.map(orderOf)));
}

/** The wallet stream, knowing the names that `commands` could collide with. */
export async function recoverWallets(
  trx: Knex.Transaction,
  appliedSeq: Seq,
  commands: readonly AcceptedCommand[],
): Promise<Wallets> {
  const opened = commands.flatMap(({ accountId, command }) =>
    command.kind === "open-account" ? [{ accountId, apiKey: command.apiKey }] : [],
  );
  if (opened.length === 0) return new Wallets(appliedSeq, { accountIds: [], apiKeys: [] });
  const { rows } = await trx.raw<{ rows: { account_id: string; api_key: string }[] }>(
    "select account_id, api_key from account where account_id = any(?::bigint[]) or api_key = any(?::text[])",
    [opened.map((account) => account.accountId), opened.map((account) => account.apiKey)],
  );
  return new Wallets(appliedSeq, {
    accountIds: rows.map((row) => Number(row.account_id)),
    apiKeys: rows.map((row) => row.api_key),
  });
}

const orderOf = (row: OrderRow): Order => ({
  orderId: Number(row.order_id),
  accountId: Number(row.account_id),
  clientOrderId: row.client_order_id,
  side: row.side,
  type: row.type,
  timeInForce: row.time_in_force,
  price: BigInt(row.price),
  quantity: BigInt(row.orig_qty),
  executed: BigInt(row.executed_qty),
  executedQuote: BigInt(row.cummulative_quote_qty),
  holdAsset: row.hold_asset,
  holdLeft: BigInt(row.hold_left),
  status: row.status,
  time: Number(row.time),
  updateTime: Number(row.update_time),
});
