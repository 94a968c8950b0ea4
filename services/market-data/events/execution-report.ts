import { formatAmount, notional } from "../../kernel/domain/amount.ts";
import type { OrderReport, Outcome } from "../../kernel/domain/outcome.ts";

const ZERO = formatAmount(0n);

/** The event of the user stream. Source: Binance Spot API, "Order Update" (user-data-stream.md). */
export function executionReport(outcome: Outcome, report: OrderReport, now: number) {
  const canceled = report.execution === "CANCELED";
  const lastQty = BigInt(report.lastQty);
  const lastPrice = BigInt(report.lastPrice);
  return {
    e: "executionReport",
    E: now,
    s: report.symbol,
    // A cancel has an id of its own; the order's then stands in C.
    c: canceled ? outcome.clientId : report.clientOrderId,
    S: report.side,
    o: report.type,
    f: report.timeInForce,
    q: formatAmount(BigInt(report.origQty)),
    p: formatAmount(BigInt(report.price)),
    P: ZERO,
    F: ZERO,
    g: -1,
    C: canceled ? report.clientOrderId : "",
    x: report.execution,
    X: report.status,
    // The engine knows one reason to reject: a LIMIT_MAKER that would take.
    r: report.execution === "REJECTED" ? "WOULD_MATCH_IMMEDIATELY" : "NONE",
    i: report.orderId,
    l: formatAmount(lastQty),
    z: formatAmount(BigInt(report.executedQty)),
    L: formatAmount(lastPrice),
    n: "0",
    N: null,
    T: outcome.time,
    t: report.tradeId ?? -1,
    I: outcome.seq,
    w: report.status === "NEW" || report.status === "PARTIALLY_FILLED",
    m: report.isMaker,
    M: false,
    O: report.orderTime,
    Z: formatAmount(BigInt(report.cummulativeQuoteQty)),
    Y: formatAmount(notional(lastPrice, lastQty)),
    Q: ZERO,
    ...(report.execution === "REJECTED" ? {} : { W: report.orderTime }),
    V: "NONE",
    ...(report.execution === "EXPIRED" ? { eR: expiryReason(report) } : {}),
  };
}

function expiryReason({ type, timeInForce }: OrderReport): string {
  if (type === "LIMIT" && timeInForce === "IOC") return "UNFILLED_IOC_QUANTITY_EXPIRED";
  if (type === "LIMIT" && timeInForce === "FOK") return "UNFILLED_FOK_ORDER_EXPIRED";
  return "INSUFFICIENT_LIQUIDITY";
}
