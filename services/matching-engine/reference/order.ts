import type { Amount } from "../../kernel/domain/amount.ts";
import type { AcceptedCommand, PlaceOrder } from "../../kernel/domain/command.ts";
import type { OrderReport, OrderStatus } from "../../kernel/domain/outcome.ts";

/** An order as the reference sees it: the command that placed it, and what has become of it. */
export interface Order {
  readonly place: AcceptedCommand<PlaceOrder>;
  readonly executed: Amount;
  /** In the quote asset: what was paid by a buyer, earned by a seller. */
  readonly paid: Amount;
  readonly status: OrderStatus;
}

/** The limit price; 0 for MARKET, which has none. */
export const priceOf = (order: Order): Amount => order.place.command.price ?? 0n;

/** What was asked for; of an order by quote budget, what it has got. */
export const quantityOf = (order: Order): Amount => order.place.command.quantity ?? order.executed;

export const remaining = (order: Order): Amount => quantityOf(order) - order.executed;

export function isOpen(order: Order): boolean {
  return order.status === "NEW" || order.status === "PARTIALLY_FILLED";
}

/** The order after trading `quantity` at `price` for `paid`; `status` when it is not told by what remains. */
export function traded(order: Order, quantity: Amount, paid: Amount, status?: OrderStatus): Order {
  const after = { ...order, executed: order.executed + quantity, paid: order.paid + paid };
  return { ...after, status: status ?? (remaining(after) === 0n ? "FILLED" : "PARTIALLY_FILLED") };
}

export interface ReportedTrade {
  readonly tradeId: number;
  readonly quantity: Amount;
  readonly price: Amount;
  readonly isMaker: boolean;
}

export function report(
  order: Order,
  execution: OrderReport["execution"],
  trade: ReportedTrade | null = null,
): OrderReport {
  const { place } = order;
  return {
    orderId: place.seq,
    accountId: place.accountId,
    clientOrderId: place.clientId,
    symbol: place.stream,
    side: place.command.side,
    type: place.command.type,
    timeInForce: place.command.timeInForce,
    price: `${priceOf(order)}`,
    origQty: `${quantityOf(order)}`,
    executedQty: `${order.executed}`,
    cummulativeQuoteQty: `${order.paid}`,
    status: order.status,
    execution,
    lastQty: `${trade?.quantity ?? 0n}`,
    lastPrice: `${trade?.price ?? 0n}`,
    tradeId: trade?.tradeId ?? null,
    isMaker: trade?.isMaker ?? false,
    orderTime: place.acceptedAt,
  };
}
