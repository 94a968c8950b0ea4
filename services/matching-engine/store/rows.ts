import { postingsJson } from "../../kernel/database/postings.ts";
import type { Order } from "../book/order.ts";
import type { Applied } from "../stream/applied.ts";

/** What a chunk's commands leave in each table, as castle_apply() takes it: JSON arrays of rows named like the columns. */
export const writtenChunk = (
  applied: readonly Applied[],
  outcomes: readonly string[],
): [accounts: string, trades: string, orders: string, postings: string, outcomes: string] => [
  JSON.stringify(applied.flatMap(({ accounts }) => accounts.map(accountRow))),
  JSON.stringify(applied.flatMap(tradeRows)),
  JSON.stringify([...lastStates(applied)].map(orderRow)),
  postingsJson(applied.flatMap(({ postings }) => postings)),
  JSON.stringify(applied.map(({ outcome }, index) => ({ seq: outcome.seq, body: outcomes[index] }))),
];

const accountRow = ({ accountId, apiKey, sealedSecret }: Applied["accounts"][number]) => ({
  account_id: accountId,
  api_key: apiKey,
  sealed_secret: sealedSecret,
});

const tradeRows = ({ outcome }: Applied) =>
  outcome.trades.map((trade) => ({
    trade_id: trade.tradeId,
    seq: outcome.seq,
    price: trade.price,
    quantity: trade.quantity,
    quote_quantity: trade.quoteQuantity,
    maker_order_id: trade.makerOrderId,
    taker_order_id: trade.takerOrderId,
    maker_account_id: trade.makerAccountId,
    taker_account_id: trade.takerAccountId,
    buyer_is_maker: trade.buyerIsMaker,
    time: outcome.time,
  }));

function lastStates(applied: readonly Applied[]): Iterable<Order> {
  const last = new Map<number, Order>();
  for (const { orders } of applied) for (const order of orders) last.set(order.orderId, order);
  return last.values();
}

const orderRow = (order: Order) => ({
  order_id: order.orderId,
  account_id: order.accountId,
  client_order_id: order.clientOrderId,
  side: order.side,
  type: order.type,
  time_in_force: order.timeInForce,
  price: `${order.price}`,
  orig_qty: `${order.quantity}`,
  executed_qty: `${order.executed}`,
  cummulative_quote_qty: `${order.executedQuote}`,
  hold_asset: order.holdAsset,
  hold_left: `${order.holdLeft}`,
  status: order.status,
  time: order.time,
  update_time: order.updateTime,
});
