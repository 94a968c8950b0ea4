import type { Amount } from "../../kernel/domain/amount.ts";
import type { AccountId, OrderType, Side, TimeInForce } from "../../kernel/domain/command.ts";
import type { OrderStatus } from "../../kernel/domain/outcome.ts";

/** An order at one moment, as the table `orders` holds it. Never changed: a change makes a new one. */
export interface Order {
  /** The seq of its place command. */
  readonly orderId: number;
  readonly accountId: AccountId;
  readonly clientOrderId: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  /** 0 for MARKET. */
  readonly price: Amount;
  /** What was asked for, in the base asset; of a MARKET buy by quote budget, what it has got so far. */
  readonly quantity: Amount;
  readonly executed: Amount;
  /** In the quote asset: what a buyer paid, a seller earned. */
  readonly executedQuote: Amount;
  readonly holdAsset: string;
  /** What acceptance locked and nothing has used or released yet. */
  readonly holdLeft: Amount;
  readonly status: OrderStatus;
  /** When it was accepted: milliseconds since 1970. */
  readonly time: number;
  /** When the command that changed it last was accepted. */
  readonly updateTime: number;
}

export type OrderChanges = Partial<
  Pick<Order, "quantity" | "executed" | "executedQuote" | "holdLeft" | "status" | "updateTime">
>;

/** Every field by name: a spread copies several times slower. */
export function changed(order: Order, to: OrderChanges): Order {
  return {
    orderId: order.orderId,
    accountId: order.accountId,
    clientOrderId: order.clientOrderId,
    side: order.side,
    type: order.type,
    timeInForce: order.timeInForce,
    price: order.price,
    quantity: to.quantity ?? order.quantity,
    executed: to.executed ?? order.executed,
    executedQuote: to.executedQuote ?? order.executedQuote,
    holdAsset: order.holdAsset,
    holdLeft: to.holdLeft ?? order.holdLeft,
    status: to.status ?? order.status,
    time: order.time,
    updateTime: to.updateTime ?? order.updateTime,
  };
}

/** The order after it traded `quantity` for `quoteQuantity`. */
export function traded(order: Order, quantity: Amount, quoteQuantity: Amount, updateTime: number): Order {
  const executed = order.executed + quantity;
  return {
    orderId: order.orderId,
    accountId: order.accountId,
    clientOrderId: order.clientOrderId,
    side: order.side,
    type: order.type,
    timeInForce: order.timeInForce,
    price: order.price,
    quantity: order.quantity,
    executed,
    executedQuote: order.executedQuote + quoteQuantity,
    holdAsset: order.holdAsset,
    holdLeft: order.holdLeft - (order.side === "BUY" ? quoteQuantity : quantity),
    status: executed === order.quantity ? "FILLED" : "PARTIALLY_FILLED",
    time: order.time,
    updateTime,
  };
}

export const isOpen = (order: Order): boolean =>
  order.status === "NEW" || order.status === "PARTIALLY_FILLED";
