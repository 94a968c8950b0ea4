import type { PriceLevel, ToldDepthSnapshot, ToldFill, ToldOrder } from "./records.ts";
import type { Reply } from "./reply.ts";

/** Answers of the trading API, as far as the traders keep them. Binance's names. */
interface OrderAnswer {
  readonly symbol: string;
  readonly orderId: number;
  readonly clientOrderId: string;
  /** On the answer to a cancel: the order's own client id; `clientOrderId` is the cancel's then. */
  readonly origClientOrderId?: string;
  readonly status?: ToldOrder["status"];
  readonly side?: ToldOrder["side"];
  readonly price?: string;
  readonly origQty?: string;
  readonly executedQty?: string;
  readonly cummulativeQuoteQty?: string;
  readonly fills?: readonly { readonly price: string; readonly qty: string; readonly tradeId: number }[];
}

/** What one answer about an order told: its id, its state if the answer has one, its fills if it lists them. */
export interface OrderTold {
  readonly orderId: number;
  readonly order: ToldOrder | null;
  readonly fills: readonly ToldFill[];
}

/** An answer that is not what the trading API promises; the message holds its beginning. */
export class UnreadableAnswer extends Error {
  constructor(reply: Reply, cause: unknown) {
    super(
      `the edge answered HTTP ${reply.status} with something else than promised: ${reply.body.slice(0, 200)}`,
      {
        cause,
      },
    );
    this.name = "UnreadableAnswer";
  }
}

/** Reads the answer to an order placed, cancelled or asked for. @throws UnreadableAnswer */
export function readOrder(
  reply: Reply,
  about: { readonly t: number; readonly accountId: number; readonly source: "answer" | "query" },
): OrderTold {
  const answer = parse<OrderAnswer>(
    reply,
    (it) => Number.isSafeInteger(it.orderId) && it.symbol !== undefined,
  );
  const { t, accountId, source } = about;
  const { region, epoch } = reply;
  const { symbol, orderId } = answer;
  const order = hasState(answer)
    ? {
        t,
        region,
        epoch,
        source,
        accountId,
        symbol,
        orderId,
        clientOrderId: answer.origClientOrderId ?? answer.clientOrderId,
        status: answer.status,
        side: answer.side,
        price: answer.price,
        origQty: answer.origQty,
        executedQty: answer.executedQty,
        cummulativeQuoteQty: answer.cummulativeQuoteQty,
      }
    : null;
  const fills = (answer.fills ?? []).map(
    (fill): ToldFill => ({
      t,
      region,
      epoch,
      source: "answer",
      symbol,
      tradeId: fill.tradeId,
      price: fill.price,
      quantity: fill.qty,
      accountId,
      orderId,
      isMaker: false,
      buyerIsMaker: answer.side === undefined ? null : answer.side === "SELL",
    }),
  );
  return { orderId, order, fills };
}

type WithState = OrderAnswer &
  Required<
    Pick<OrderAnswer, "status" | "side" | "price" | "origQty" | "executedQty" | "cummulativeQuoteQty">
  >;

const hasState = (answer: OrderAnswer): answer is WithState =>
  answer.status !== undefined &&
  answer.side !== undefined &&
  answer.price !== undefined &&
  answer.origQty !== undefined &&
  answer.executedQty !== undefined &&
  answer.cummulativeQuoteQty !== undefined;

/** Reads a depth snapshot. @throws UnreadableAnswer */
export function readDepth(
  reply: Reply,
  about: { t: number; symbol: string; limit: number },
): ToldDepthSnapshot {
  const { lastUpdateId, bids, asks } = parse<{
    lastUpdateId: number;
    bids: readonly PriceLevel[];
    asks: readonly PriceLevel[];
  }>(
    reply,
    (it) => Number.isSafeInteger(it.lastUpdateId) && Array.isArray(it.bids) && Array.isArray(it.asks),
  );
  return { ...about, region: reply.region, epoch: reply.epoch, lastUpdateId, bids, asks };
}

/** Reads a listen key. @throws UnreadableAnswer */
export const readListenKey = (reply: Reply): string =>
  parse<{ listenKey: string }>(reply, (it) => typeof it.listenKey === "string").listenKey;

function parse<Answer>(reply: Reply, fits: (it: Partial<Answer>) => boolean): Answer {
  try {
    const answer = JSON.parse(reply.body);
    if (!fits(answer)) throw new TypeError("a field is missing");
    return answer;
  } catch (error) {
    throw new UnreadableAnswer(reply, error);
  }
}
