import { decodeCommand, type OrderType, type Side, type TimeInForce } from "../../kernel/domain/command.ts";
import type { OrderStatus } from "../../kernel/domain/outcome.ts";
import type { OrderState } from "./order-view.ts";

/** Columns of the table `orders`; bigint and numeric arrive as strings. */
export interface OrderRow {
  readonly symbol: string;
  readonly order_id: string;
  readonly client_order_id: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly time_in_force: TimeInForce;
  readonly price: string;
  readonly orig_qty: string;
  readonly executed_qty: string;
  readonly cummulative_quote_qty: string;
  readonly status: OrderStatus;
  readonly time: string;
  readonly update_time: string;
}

/** With the body of the command that placed it. */
export interface FoundOrderRow extends OrderRow {
  readonly body: string;
}

/** What a MARKET buy by quote quantity may spend; null for every other order. */
export function quoteBudgetOf({ body }: FoundOrderRow): bigint | null {
  const command = decodeCommand(body);
  return command.kind === "place" && command.quantity === null ? command.quoteBudget : null;
}

export const ORDER_COLUMNS = `o.symbol, o.order_id, o.client_order_id, o.side, o.type, o.time_in_force, o.price,
  o.orig_qty, o.executed_qty, o.cummulative_quote_qty, o.status, o.time, o.update_time`;

export const rowState = (row: OrderRow, quoteBudget: bigint | null): OrderState => ({
  symbol: row.symbol,
  orderId: Number(row.order_id),
  clientOrderId: row.client_order_id,
  side: row.side,
  type: row.type,
  timeInForce: row.time_in_force,
  price: BigInt(row.price),
  origQty: BigInt(row.orig_qty),
  executedQty: BigInt(row.executed_qty),
  cummulativeQuoteQty: BigInt(row.cummulative_quote_qty),
  status: row.status,
  quoteBudget,
  time: Number(row.time),
  updateTime: Number(row.update_time),
});
