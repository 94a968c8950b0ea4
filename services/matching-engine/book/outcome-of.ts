import type { OrderReport, Outcome, Trade } from "../../kernel/domain/outcome.ts";
import type { Effects, Fill, OrderChange } from "./effects.ts";

/** What is recorded and told of a command's effects on its book. */
export function outcomeOf({ accepted, changes, fills, levels, refusal }: Effects): Outcome {
  return {
    stream: accepted.stream,
    seq: accepted.seq,
    epoch: accepted.epoch,
    accountId: accepted.accountId,
    clientId: accepted.clientId,
    kind: accepted.command.kind,
    time: accepted.acceptedAt,
    reports: changes.map((change) => reportOf(accepted.stream, change)),
    trades: fills.map(tradeOf),
    levels: levels.map(({ side, price, quantity }) => ({ side, price: `${price}`, quantity: `${quantity}` })),
    error: refusal,
  };
}

function reportOf(symbol: string, { order, execution, fill }: OrderChange): OrderReport {
  return {
    orderId: order.orderId,
    accountId: order.accountId,
    clientOrderId: order.clientOrderId,
    symbol,
    side: order.side,
    type: order.type,
    timeInForce: order.timeInForce,
    price: `${order.price}`,
    origQty: `${order.quantity}`,
    executedQty: `${order.executed}`,
    cummulativeQuoteQty: `${order.executedQuote}`,
    status: order.status,
    execution,
    lastQty: fill ? `${fill.quantity}` : "0",
    lastPrice: fill ? `${fill.price}` : "0",
    tradeId: fill ? fill.tradeId : null,
    isMaker: fill ? fill.maker === order : false,
    orderTime: order.time,
  };
}

function tradeOf({ tradeId, price, quantity, quoteQuantity, maker, taker }: Fill): Trade {
  return {
    tradeId,
    price: `${price}`,
    quantity: `${quantity}`,
    quoteQuantity: `${quoteQuantity}`,
    makerOrderId: maker.orderId,
    takerOrderId: taker.orderId,
    makerAccountId: maker.accountId,
    takerAccountId: taker.accountId,
    buyerIsMaker: maker.side === "BUY",
  };
}
