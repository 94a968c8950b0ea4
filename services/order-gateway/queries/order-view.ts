import { type Amount, formatAmount } from "../../kernel/domain/amount.ts";
import type { AcceptedCommand, OrderType, Side, TimeInForce } from "../../kernel/domain/command.ts";
import type { OrderReport, OrderStatus, Outcome } from "../../kernel/domain/outcome.ts";
import { symbolNamed } from "../../kernel/domain/symbols.ts";
import type { OrderSnapshot } from "../../kernel/engine-line/messages.ts";
import { ApiError } from "../../kernel/http/errors.ts";

/**
 * Orders in Binance's words: pure mappings from what Castle knows to the bodies of `/api/v3/order`.
 * Source: Binance Spot API, "New order", "Cancel order", "Query order" (rest-api.md).
 */
export type ResponseType = "ACK" | "RESULT" | "FULL";

/** What can be said of an order at one moment. Amounts in the smallest unit, times in milliseconds since 1970. */
export interface OrderState {
  readonly symbol: string;
  readonly orderId: number;
  readonly clientOrderId: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly price: Amount;
  readonly origQty: Amount;
  readonly executedQty: Amount;
  readonly cummulativeQuoteQty: Amount;
  readonly status: OrderStatus;
  /** The most a MARKET buy may spend; null for every other order. */
  readonly quoteBudget: Amount | null;
  readonly time: number;
  readonly updateTime: number;
}

/** Castle takes no fee. */
const NO_COMMISSION = formatAmount(0n);
/** "Not part of an order list." */
const NO_LIST = -1;

/** An open order, or one that was closed a moment ago, as the engine holds it. */
export const snapshotState = (snapshot: OrderSnapshot): OrderState => ({
  symbol: snapshot.symbol,
  orderId: snapshot.orderId,
  clientOrderId: snapshot.clientOrderId,
  side: snapshot.side,
  type: snapshot.type,
  timeInForce: snapshot.timeInForce,
  price: BigInt(snapshot.price),
  origQty: BigInt(snapshot.origQty),
  executedQty: BigInt(snapshot.executedQty),
  cummulativeQuoteQty: BigInt(snapshot.cummulativeQuoteQty),
  status: snapshot.status,
  quoteBudget: snapshot.quoteBudget === null ? null : BigInt(snapshot.quoteBudget),
  time: snapshot.time,
  updateTime: snapshot.updateTime,
});

/** The order after one change. @param at when the change's command was accepted */
export function reportedState(report: OrderReport, at: number, quoteBudget: Amount | null): OrderState {
  return {
    symbol: report.symbol,
    orderId: report.orderId,
    clientOrderId: report.clientOrderId,
    side: report.side,
    type: report.type,
    timeInForce: report.timeInForce,
    price: BigInt(report.price),
    origQty: BigInt(report.origQty),
    executedQty: BigInt(report.executedQty),
    cummulativeQuoteQty: BigInt(report.cummulativeQuoteQty),
    status: report.status,
    quoteBudget,
    time: report.orderTime,
    updateTime: at,
  };
}

/** The body of GET order, and an element of openOrders. */
export const orderView = (order: OrderState) => ({
  symbol: order.symbol,
  orderId: order.orderId,
  orderListId: NO_LIST,
  clientOrderId: order.clientOrderId,
  ...execution(order),
  stopPrice: formatAmount(0n),
  icebergQty: formatAmount(0n),
  time: order.time,
  updateTime: order.updateTime,
  isWorking: true,
  workingTime: order.time,
  origQuoteOrderQty: formatAmount(order.quoteBudget ?? 0n),
  selfTradePreventionMode: "NONE",
});

/** POST order, ACK: durable, and nothing is known of its matching yet. */
export const ackResponse = (
  accepted: Pick<AcceptedCommand, "stream" | "seq" | "clientId" | "acceptedAt">,
) => ({
  symbol: accepted.stream,
  orderId: accepted.seq,
  orderListId: NO_LIST,
  clientOrderId: accepted.clientId,
  transactTime: accepted.acceptedAt,
});

/**
 * POST order, RESULT or FULL: what matching made of it.
 * @param outcome of a place command
 * @param quoteBudget the order's own, which outcomes do not repeat; null when it has none
 * @throws ApiError when the engine refused the order (-2010)
 */
export function resultResponse(
  outcome: Outcome,
  type: Exclude<ResponseType, "ACK">,
  quoteBudget: Amount | null = null,
) {
  requireNoRefusal(outcome);
  const last = lastReport(outcome, (report) => report.orderId === outcome.seq);
  const order = reportedState(last, outcome.time, quoteBudget);
  const result = {
    symbol: order.symbol,
    orderId: order.orderId,
    orderListId: NO_LIST,
    clientOrderId: order.clientOrderId,
    transactTime: outcome.time,
    ...execution(order),
    origQuoteOrderQty: formatAmount(quoteBudget ?? 0n),
    workingTime: order.time,
    selfTradePreventionMode: "NONE",
  };
  return type === "RESULT" ? result : { ...result, fills: fillsOf(outcome, order.side) };
}

/**
 * DELETE order: the order as the cancel left it.
 * @param outcome of a cancel command
 * @throws ApiError when the engine refused the cancel (-2011)
 */
export function cancelResponse(outcome: Outcome) {
  requireNoRefusal(outcome);
  const canceled = lastReport(outcome, (report) => report.execution === "CANCELED");
  const order = reportedState(canceled, outcome.time, null);
  return {
    symbol: order.symbol,
    origClientOrderId: order.clientOrderId,
    orderId: order.orderId,
    orderListId: NO_LIST,
    clientOrderId: outcome.clientId,
    transactTime: outcome.time,
    ...execution(order),
    origQuoteOrderQty: formatAmount(0n),
    selfTradePreventionMode: "NONE",
  };
}

/** The fields that every body about an order shares. */
const execution = (order: OrderState) => ({
  price: formatAmount(order.price),
  origQty: formatAmount(order.origQty),
  executedQty: formatAmount(order.executedQty),
  cummulativeQuoteQty: formatAmount(order.cummulativeQuoteQty),
  status: order.status,
  timeInForce: order.timeInForce,
  type: order.type,
  side: order.side,
});

function fillsOf(outcome: Outcome, side: Side) {
  const { base, quote } = symbolNamed(outcome.stream);
  return outcome.trades.map((trade) => ({
    price: formatAmount(BigInt(trade.price)),
    qty: formatAmount(BigInt(trade.quantity)),
    commission: NO_COMMISSION,
    commissionAsset: side === "BUY" ? base : quote,
    tradeId: trade.tradeId,
  }));
}

function requireNoRefusal({ error }: Outcome): void {
  if (error) throw new ApiError(400, error.code, error.msg);
}

function lastReport(outcome: Outcome, wanted: (report: OrderReport) => boolean): OrderReport {
  const found = outcome.reports.findLast(wanted);
  if (!found)
    throw new Error(
      `outcome ${outcome.seq} of ${outcome.stream} (${outcome.kind}) reports nothing about its own order`,
    );
  return found;
}
