import { type Amount, notional } from "@castle/services/kernel/domain/amount.ts";
import { apiError } from "@castle/services/kernel/http/errors.ts";
import type { OrderRequest } from "./parse-order.ts";

/** A MARKET buy by quantity may pay up to this much above the last trade; what it would buy beyond that expires. */
const SLIPPAGE_PERCENT = 10n;

/**
 * What a MARKET buy by quantity may spend of the quote asset: it goes into the command, so that every replay fills the
 * same. Null for every order that needs no budget.
 * @param lastPrice price of the symbol's last trade, or null.
 * @throws ApiError -2010 when there is nothing to reckon it by.
 */
export function marketBudget(order: OrderRequest, lastPrice: Amount | null): Amount | null {
  if (!needsBudget(order)) return null;
  if (lastPrice === null)
    throw apiError.orderRejected(
      "A MARKET buy by quantity needs a last price, and nothing has traded yet; use quoteOrderQty or a LIMIT order.",
    );
  return (notional(lastPrice, order.quantity ?? 0n) * (100n + SLIPPAGE_PERCENT)) / 100n;
}

export const needsBudget = (order: OrderRequest): boolean =>
  order.type === "MARKET" && order.side === "BUY" && order.quantity !== null;
