import type { PipelinedConnection, Statement } from "../../kernel/database/pipelined.ts";
import type {
  AcceptedCommand,
  AccountId,
  OrderType,
  Seq,
  Side,
  TimeInForce,
} from "../../kernel/domain/command.ts";
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

const OPEN_ORDERS: Statement = {
  name: "open-orders",
  text: `select order_id, account_id, client_order_id, side, type, time_in_force, price, orig_qty, executed_qty,
      cummulative_quote_qty, hold_asset, hold_left, status, time, update_time
    from orders where symbol = $1 and status in ('NEW', 'PARTIALLY_FILLED') order by order_id`,
};
const TAKEN_NAMES: Statement = {
  name: "taken-names",
  text: "select account_id, api_key from account where account_id = any($1::bigint[]) or api_key = any($2::text[])",
};

/** The symbol's book as the database holds it. The chunk's transaction is open, at `appliedSeq`. */
export async function recoverMarket(
  connection: PipelinedConnection,
  symbol: MarketSymbol,
  appliedSeq: Seq,
): Promise<Market> {
  const rows = await connection.run<OrderRow>(OPEN_ORDERS, [symbol.name]);
  return new Market(OrderBook.restore(symbol, appliedSeq, rows.map(orderOf)));
}

/** The wallet stream, knowing the names that `commands` could collide with. */
export async function recoverWallets(
  connection: PipelinedConnection,
  appliedSeq: Seq,
  commands: readonly AcceptedCommand[],
): Promise<Wallets> {
  const accountIds: AccountId[] = [];
  const apiKeys: string[] = [];
  for (const { accountId, command } of commands) {
    if (command.kind !== "open-account") continue;
    accountIds.push(accountId);
    apiKeys.push(command.apiKey);
  }
  if (accountIds.length === 0) return new Wallets(appliedSeq, { accountIds, apiKeys });
  const rows = await connection.run<{ account_id: string; api_key: string }>(TAKEN_NAMES, [
    accountIds,
    apiKeys,
  ]);
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
