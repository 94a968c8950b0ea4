import { type Amount, min, notional, ONE } from "../../kernel/domain/amount.ts";
import type { AcceptedCommand, PlaceOrder } from "../../kernel/domain/command.ts";
import { MAX_FILLS, tradeId } from "../../kernel/domain/outcome.ts";
import type { MarketSymbol } from "../../kernel/domain/symbols.ts";
import type { Fill, OrderChange } from "./effects.ts";
import { changed, type Order, traded } from "./order.ts";
import type { PriceLadder } from "./price-ladder.ts";
import type { PriceLevel } from "./price-levels.ts";
import { holdAssetOf, MAX_PRICE, MAX_QUANTITY } from "./resting-orders.ts";

/** The order that a place command brings, before it meets the book. */
export function arrive(accepted: AcceptedCommand<PlaceOrder>): Order {
  const { command } = accepted;
  return {
    orderId: accepted.seq,
    accountId: accepted.accountId,
    clientOrderId: accepted.clientId,
    side: command.side,
    type: command.type,
    timeInForce: command.timeInForce,
    price: command.price ?? 0n,
    quantity: command.quantity ?? 0n,
    executed: 0n,
    executedQuote: 0n,
    holdAsset: command.hold.asset,
    holdLeft: command.hold.amount,
    status: "NEW",
    time: accepted.acceptedAt,
    updateTime: accepted.acceptedAt,
  };
}

/** What the order must have on hold, in what it gives: the quote asset for a buy, the base asset for a sell. */
export function neededHold({ side, price, quantity, quoteBudget }: PlaceOrder): Amount {
  if (side === "SELL") return quantity ?? 0n;
  return quoteBudget ?? notional(price ?? 0n, quantity ?? 0n);
}

/** Why the order cannot be matched at all; null when it can. The gateway has checked this: it is a defect if not. */
export function violation(symbol: MarketSymbol, order: PlaceOrder, needed: Amount): string | null {
  const { side, type, price, quantity, quoteBudget, hold } = order;
  if (type === "MARKET" ? price !== null : price === null || price <= 0n || price > MAX_PRICE)
    return `a ${type} order has the price ${price}`;
  if (
    quantity === null
      ? type !== "MARKET" || side !== "BUY"
      : quantity <= 0n || (quantity > MAX_QUANTITY && type !== "MARKET")
  )
    return `a ${type} ${side} order has the quantity ${quantity}`;
  if (type === "MARKET" && side === "BUY" ? quoteBudget === null : quoteBudget !== null)
    return `a ${type} ${side} order has the quote budget ${quoteBudget}`;
  const asset = holdAssetOf(symbol, side);
  return hold.asset === asset && hold.amount >= needed
    ? null
    : `${hold.amount} ${hold.asset} are on hold where ${symbol.name} needs ${needed} ${asset}`;
}

/** Whether the order accepts `price`, the other side's. */
export function accepts(order: Order, price: Amount): boolean {
  if (order.type === "MARKET") return true;
  return order.side === "BUY" ? price <= order.price : price >= order.price;
}

/** Whether the order can trade all of its quantity now, within {@link MAX_FILLS}. */
export function canFillWhole(order: Order, opposite: PriceLadder): boolean {
  let wanted = order.quantity;
  let fills = 0;
  for (const level of opposite.bestFirst()) {
    if (!accepts(order, level.price)) return false;
    for (const remaining of opposite.remainingAt(level)) {
      fills += 1;
      if (fills > MAX_FILLS) return false;
      wanted -= remaining;
      if (wanted <= 0n) return true;
    }
  }
  return false;
}

export interface Walk {
  /** The arriving order after its trades. */
  readonly taker: Order;
  /** Its arrival, then its trades. */
  readonly changes: OrderChange[];
  readonly fills: Fill[];
  /** Levels that were taken from, best first. */
  readonly levels: PriceLevel[];
}

/** Trades the arriving order against the other side: best price first, oldest first, at the resting orders' prices. */
export function walk(arriving: Order, command: PlaceOrder, opposite: PriceLadder, step: Amount): Walk {
  const changes: OrderChange[] = [{ order: arriving, execution: "NEW", fill: null }];
  const fills: Fill[] = [];
  const levels: PriceLevel[] = [];
  const { orderId, updateTime } = arriving;
  let taker = arriving;
  let level = opposite.best;
  while (level && fills.length < MAX_FILLS && taker.status !== "FILLED" && accepts(taker, level.price)) {
    const quantity = takeable(taker, command, opposite.firstRemainingAt(level), level.price, step);
    if (quantity === 0n) break;
    const price = level.price;
    const quoteQuantity = notional(price, quantity);
    const maker = opposite.tradeFirstAt(level, quantity, quoteQuantity, updateTime);
    if (levels[levels.length - 1] !== level) levels.push(level);
    level = opposite.best;
    taker = traded(taker, quantity, quoteQuantity, updateTime);
    if (command.quantity === null) taker = byBudget(taker, command, level, step);

    const fill: Fill = {
      tradeId: tradeId(orderId, fills.length),
      price,
      quantity,
      quoteQuantity,
      maker,
      taker,
    };
    fills.push(fill);
    changes.push({ order: maker, execution: "TRADE", fill }, { order: taker, execution: "TRADE", fill });
  }
  return { taker, changes, fills, levels };
}

/** What the taker takes of an `offered` quantity at `price`. */
function takeable(taker: Order, command: PlaceOrder, offered: Amount, price: Amount, step: Amount): Amount {
  const quantity = command.quantity === null ? offered : min(offered, command.quantity - taker.executed);
  if (command.quoteBudget === null) return quantity;
  return min(quantity, affordable(command.quoteBudget - taker.executedQuote, price, step));
}

/** The most whole steps that `budget` buys at `price`. */
const affordable = (budget: Amount, price: Amount, step: Amount): Amount => {
  const quantity = (budget * ONE) / price;
  return quantity - (quantity % step);
};

/**
 * An order by quote budget asks for no quantity: it reports what it has got, and it is filled when what is left of the
 * budget cannot buy one more step at the best price on offer.
 */
function byBudget(taker: Order, command: PlaceOrder, best: PriceLevel | undefined, step: Amount): Order {
  const left = (command.quoteBudget ?? 0n) - taker.executedQuote;
  const usedUp = left === 0n || (best !== undefined && affordable(left, best.price, step) === 0n);
  return changed(taker, { quantity: taker.executed, status: usedUp ? "FILLED" : "PARTIALLY_FILLED" });
}
