import type { Amount } from "../../kernel/domain/amount.ts";
import type { Side, StreamId } from "../../kernel/domain/command.ts";
import type {
  EngineAnswers,
  EngineQuery,
  OrderAnswer,
  OrderSnapshot,
} from "../../kernel/engine-line/messages.ts";
import type { Order } from "../book/order.ts";
import type { Unprojected } from "../projection/unprojected.ts";
import type { LiveOrder } from "../state/live-orders.ts";
import type { TradingState } from "../state/trading-state.ts";

type Answer = EngineAnswers[EngineQuery["kind"]];

/**
 * Answers from memory, as of the commands applied: what is younger than the projection, and all that is open. Whoever
 * gets null, and asks the database *then*, finds what there is.
 */
export function answerQuery(query: EngineQuery, state: TradingState, unprojected: Unprojected): Answer {
  switch (query.kind) {
    case "order": {
      const { stream, orderId, accountId } = query;
      const live = state.orders.byId(stream, orderId);
      const closed = live ? undefined : unprojected.closedOrders.byId(stream, orderId);
      const owner = live?.accountId ?? closed?.order.accountId;
      return owner === accountId ? orderAnswer(stream, live, closed) : null;
    }
    case "order-by-client-id": {
      const { stream, clientOrderId, accountId } = query;
      const live = state.orders.byClientId(accountId, clientOrderId);
      // One that is open in another market has the name, too: of this market it is the last closed one.
      if (live?.stream === stream) return orderAnswer(stream, live, undefined);
      return orderAnswer(
        stream,
        undefined,
        unprojected.closedOrders.byClientId(stream, accountId, clientOrderId),
      );
    }
    case "open-orders":
      return [...state.orders.of(query.accountId)]
        .filter(({ stream }) => query.stream === null || stream === query.stream)
        .flatMap(({ stream, order }) => (order ? [snapshotOf(stream, order)] : []))
        .sort((a, b) => (a.symbol === b.symbol ? a.orderId - b.orderId : a.symbol < b.symbol ? -1 : 1));
    case "balances":
      return [...state.ledger.balances(query.accountId)]
        .map(([asset, { free, locked }]) => ({ asset, free: `${free}`, locked: `${locked}` }))
        .sort((a, b) => (a.asset < b.asset ? -1 : 1));
    case "trades":
      return unprojected.tradesOf(query.stream, query.accountId);
    case "depth":
      return depthOf(query.stream, query.limit, state);
    case "api-key": {
      const account = unprojected.account(query.apiKey);
      return account ? { accountId: account.accountId, sealedSecret: account.sealedSecret } : null;
    }
    default:
      return query satisfies never;
  }
}

function orderAnswer(
  stream: StreamId,
  live: LiveOrder | undefined,
  closed: { readonly order: Order; readonly quoteBudget: Amount | null } | undefined,
): OrderAnswer | null {
  if (live) return live.order ? snapshotOf(stream, live.order) : { pending: true };
  return closed ? snapshotOf(stream, closed.order, closed.quoteBudget) : null;
}

const snapshotOf = (symbol: StreamId, order: Order, quoteBudget: Amount | null = null): OrderSnapshot => ({
  symbol,
  orderId: order.orderId,
  clientOrderId: order.clientOrderId,
  side: order.side,
  type: order.type,
  timeInForce: order.timeInForce,
  price: `${order.price}`,
  origQty: `${order.quantity}`,
  executedQty: `${order.executed}`,
  cummulativeQuoteQty: `${order.executedQuote}`,
  status: order.status,
  quoteBudget: quoteBudget === null ? null : `${quoteBudget}`,
  time: order.time,
  updateTime: order.updateTime,
});

/** The book and the last command applied to it, at one moment: `lastUpdateId` fits the depth stream's U and u. */
function depthOf(stream: StreamId, limit: number, state: TradingState): EngineAnswers["depth"] {
  const book = state.market(stream)?.book;
  if (!book) return { lastUpdateId: 0, bids: [], asks: [] };
  const side = (of: Side): [string, string][] =>
    book.topLevels(of, limit).map(({ price, quantity }) => [`${price}`, `${quantity}`]);
  return { lastUpdateId: book.appliedSeq, bids: side("BUY"), asks: side("SELL") };
}
