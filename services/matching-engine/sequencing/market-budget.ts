import { type Amount, notional } from "../../kernel/domain/amount.ts";
import type { PlaceOrder } from "../../kernel/domain/command.ts";

/** A MARKET buy by quantity may pay up to this much above the last trade; what it would buy beyond that expires. */
const SLIPPAGE_PERCENT = 10n;

/**
 * A MARKET buy by quantity with what it may spend of the quote asset, which it holds: it goes into the command, so that
 * every replay fills the same. Any other order as it is; null when there is no last price to reckon by.
 */
export function withMarketBudget(order: PlaceOrder, lastPrice: Amount | null): PlaceOrder | null {
  if (order.type !== "MARKET" || order.side !== "BUY" || order.quantity === null) return order;
  if (lastPrice === null) return null;
  const quoteBudget = (notional(lastPrice, order.quantity) * (100n + SLIPPAGE_PERCENT)) / 100n;
  return { ...order, quoteBudget, hold: { asset: order.hold.asset, amount: quoteBudget } };
}
