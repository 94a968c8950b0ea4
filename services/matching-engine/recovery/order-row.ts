import type { Statement } from "../../kernel/database/pipelined.ts";
import type { OrderType, Side, TimeInForce } from "../../kernel/domain/command.ts";
import type { OrderStatus } from "../../kernel/domain/outcome.ts";
import type { Order } from "../book/order.ts";

/** A row of `orders` as the book is restored from it: bigints and numerics arrive as text. */
export interface OrderRow {
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

/** Of a symbol, behind an order id, so many. */
export const OPEN_ORDERS: Statement = {
  name: "open-orders",
  text: `select order_id, account_id, client_order_id, side, type, time_in_force, price, orig_qty, executed_qty,
      cummulative_quote_qty, hold_asset, hold_left, status, time, update_time
    from orders where symbol = $1 and status in ('NEW', 'PARTIALLY_FILLED') and order_id > $2
    order by order_id limit $3`,
};

export const orderOf = (row: OrderRow): Order => ({
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
