import type { ToldFill } from "../../traders/records.ts";
import type { Findings } from "../findings.ts";
import type { StandingTrade } from "../standing.ts";
import { units } from "../units.ts";

/** Every execution told stands as a trade, with the same price, quantity and sides. */
export function checkToldFills(
  told: Iterable<ToldFill>,
  find: (symbol: string, tradeId: number) => StandingTrade | undefined,
  findings: Findings,
): void {
  findings.checked("fills told", 0);
  for (const fill of told) {
    findings.checked("fills told", 1);
    const trade = find(fill.symbol, fill.tradeId);
    const because = trade ? contradiction(fill, trade) : "no such trade stands";
    if (because !== null)
      findings.add(
        "contradicted",
        `told (${fill.source}) of ${fill.symbol} trade ${fill.tradeId}, ${fill.quantity} at ${fill.price}: ${because}`,
      );
  }
}

function contradiction(told: ToldFill, trade: StandingTrade): string | null {
  if (units(told.price) !== trade.price) return `its price is ${trade.price} units`;
  if (units(told.quantity) !== trade.quantity) return `its quantity is ${trade.quantity} units`;
  if (told.buyerIsMaker !== null && told.buyerIsMaker !== trade.buyerIsMaker)
    return `the ${trade.buyerIsMaker ? "buyer" : "seller"} is its maker`;
  if (told.isMaker === null) return null;
  const [role, orderId, accountId] = told.isMaker
    ? ["maker", trade.makerOrderId, trade.makerAccountId]
    : ["taker", trade.takerOrderId, trade.takerAccountId];
  if (told.orderId !== orderId) return `its ${role} is order ${orderId}, not ${told.orderId}`;
  if (told.accountId !== accountId) return `its ${role} is account ${accountId}, not ${told.accountId}`;
  return null;
}
