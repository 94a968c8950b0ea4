import { type Amount, min, notional, ONE } from "../../kernel/domain/amount.ts";
import type { AcceptedCommand, PlaceOrder } from "../../kernel/domain/command.ts";
import { MAX_FILLS, tradeId } from "../../kernel/domain/outcome.ts";
import type { MarketSymbol } from "../../kernel/domain/symbols.ts";
import type { Fill, OrderChange } from "./effects.ts";
import { changed, type Order } from "./order.ts";
import type { PriceLadder, PriceLevel } from "./price-ladder.ts";

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

/** Why the order cannot be matched at all; null when it can. The gateway has checked this: it is a defect if not. */
export function violation({ name, base, quote }: MarketSymbol, order: PlaceOrder): string | null {
  const { side, type, price, quantity, quoteBudget, hold } = order;
  if (type === "MARKET" ? price !== null : price === null || price <= 0n)
    return `a ${type} order has the price ${price}`;
  if (quantity === null ? type !== "MARKET" || side !== "BUY" : quantity <= 0n)
    return `a ${type} ${side} order has the quantity ${quantity}`;
  if (type === "MARKET" && side === "BUY" ? quoteBudget === null : quoteBudget !== null)
    return `a ${type} ${side} order has the quote budget ${quoteBudget}`;
  const asset = side === "BUY" ? quote : base;
  const needed = side === "BUY" ? (quoteBudget ?? notional(price ?? 0n, quantity ?? 0n)) : (quantity ?? 0n);
  return hold.asset === asset && hold.amount >= needed
    ? null
    : `${hold.amount} ${hold.asset} are on hold where ${name} needs ${needed} ${asset}`;
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
    for (let resting = level.first; resting; resting = resting.next) {
      fills += 1;
      if (fills > MAX_FILLS) return false;
      wanted -= resting.order.quantity - resting.order.executed;
      if (wanted <= 0n) return true;
    }
  }
  return false;
}

export interface Walk {
  /** The arriving order after its trades. */
  readonly taker: Order;
  readonly changes: readonly OrderChange[];
  readonly fills: readonly Fill[];
  /** Levels that were taken from, best first. */
  readonly levels: readonly PriceLevel[];
}

/** Trades the arriving order against the other side: best price first, oldest first, at the resting orders' prices. */
export function walk(arriving: Order, command: PlaceOrder, opposite: PriceLadder, step: Amount): Walk {
  const changes: OrderChange[] = [];
  const fills: Fill[] = [];
  const levels: PriceLevel[] = [];
  let taker = arriving;
  while (fills.length < MAX_FILLS && taker.status !== "FILLED") {
    const level = opposite.best;
    const resting = level?.first;
    if (!level || !resting || !accepts(taker, level.price)) break;
    const quantity = takeable(taker, command, resting.order, step);
    if (quantity === 0n) break;
    const quoteQuantity = notional(level.price, quantity);
    const maker = traded(resting.order, quantity, quoteQuantity, arriving.updateTime);
    if (maker.status === "FILLED") opposite.remove(resting);
    else opposite.shrink(resting, maker);
    taker = traded(taker, quantity, quoteQuantity, arriving.updateTime);
    if (command.quantity === null) taker = byBudget(taker, command, opposite.best, step);

    const id = tradeId(arriving.orderId, fills.length);
    const fill: Fill = { tradeId: id, price: level.price, quantity, quoteQuantity, maker, taker };
    fills.push(fill);
    changes.push({ order: maker, execution: "TRADE", fill }, { order: taker, execution: "TRADE", fill });
    if (levels[levels.length - 1] !== level) levels.push(level);
  }
  return { taker, changes, fills, levels };
}

function takeable(taker: Order, command: PlaceOrder, maker: Order, step: Amount): Amount {
  const offered = maker.quantity - maker.executed;
  const wanted = command.quantity === null ? offered : min(offered, command.quantity - taker.executed);
  if (command.quoteBudget === null) return wanted;
  return min(wanted, affordable(command.quoteBudget - taker.executedQuote, maker.price, step));
}

/** The most whole steps that `budget` buys at `price`. */
const affordable = (budget: Amount, price: Amount, step: Amount): Amount => {
  const quantity = (budget * ONE) / price;
  return quantity - (quantity % step);
};

function traded(order: Order, quantity: Amount, quoteQuantity: Amount, updateTime: number): Order {
  const executed = order.executed + quantity;
  return changed(order, {
    executed,
    executedQuote: order.executedQuote + quoteQuantity,
    holdLeft: order.holdLeft - (order.side === "BUY" ? quoteQuantity : quantity),
    status: executed === order.quantity ? "FILLED" : "PARTIALLY_FILLED",
    updateTime,
  });
}

/**
 * An order by quote budget asks for no quantity: it reports what it has got, and it is filled when what is left of the
 * budget cannot buy one more step at the best price on offer.
 */
function byBudget(taker: Order, command: PlaceOrder, best: PriceLevel | undefined, step: Amount): Order {
  const left = (command.quoteBudget ?? 0n) - taker.executedQuote;
  const usedUp = left === 0n || (best !== undefined && affordable(left, best.price, step) === 0n);
  return changed(taker, { quantity: taker.executed, status: usedUp ? "FILLED" : "PARTIALLY_FILLED" });
}
