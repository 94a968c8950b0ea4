import { formatAmount } from "../../kernel/domain/amount.ts";
import type { Outcome, Trade } from "../../kernel/domain/outcome.ts";

/** The event of `<symbol>@trade`. Source: Binance Spot API, "Trade Streams" (web-socket-streams.md). */
export const tradeEvent = (outcome: Outcome, trade: Trade, now: number) => ({
  e: "trade",
  E: now,
  s: outcome.stream,
  t: trade.tradeId,
  p: formatAmount(BigInt(trade.price)),
  q: formatAmount(BigInt(trade.quantity)),
  T: outcome.time,
  m: trade.buyerIsMaker,
  M: true,
});
