import type { PriceLevel, ToldDepthEvent, ToldFill, ToldOrder } from "../records.ts";

/** Messages of the market-data streams, in Binance's letters. Source: web-socket-streams.md, user-data-stream.md. */
interface DepthUpdate {
  readonly e: "depthUpdate";
  readonly s: string;
  readonly U: number;
  readonly u: number;
  readonly b: readonly PriceLevel[];
  readonly a: readonly PriceLevel[];
}

interface TradeEvent {
  readonly e: "trade";
  readonly s: string;
  readonly t: number;
  readonly p: string;
  readonly q: string;
  readonly m: boolean;
}

interface ExecutionReport {
  readonly e: "executionReport";
  readonly s: string;
  readonly c: string;
  readonly C: string;
  readonly S: ToldOrder["side"];
  readonly p: string;
  readonly q: string;
  readonly X: ToldOrder["status"];
  readonly x: string;
  readonly i: number;
  readonly l: string;
  readonly L: string;
  readonly z: string;
  readonly Z: string;
  readonly t: number;
  readonly m: boolean;
}

export type StreamEvent = DepthUpdate | TradeEvent | ExecutionReport;

/** @throws Error when the message is no event that the traders subscribed to */
export function readEvent(text: string): StreamEvent {
  const event = JSON.parse(text);
  if (event?.e === "depthUpdate" || event?.e === "trade" || event?.e === "executionReport") return event;
  throw new TypeError(`"${event?.e}" is not an event the traders know`);
}

export const toldDepth = (event: DepthUpdate, t: number, connection: number): ToldDepthEvent => ({
  t,
  symbol: event.s,
  connection,
  U: event.U,
  u: event.u,
  b: event.b,
  a: event.a,
});

/** Streams say nothing of cell and epoch. */
const anonymous = { region: null, epoch: null } as const;

export const toldTrade = (event: TradeEvent, t: number): ToldFill => ({
  t,
  ...anonymous,
  source: "trade",
  symbol: event.s,
  tradeId: event.t,
  price: event.p,
  quantity: event.q,
  accountId: null,
  orderId: null,
  isMaker: null,
  buyerIsMaker: event.m,
});

/** The order's state after the report. A cancel carries its own id in `c`; the order's stands in `C` then. */
export const reportedOrder = (event: ExecutionReport, t: number, accountId: number): ToldOrder => ({
  t,
  ...anonymous,
  source: "report",
  accountId,
  symbol: event.s,
  orderId: event.i,
  clientOrderId: event.C === "" ? event.c : event.C,
  status: event.X,
  side: event.S,
  price: event.p,
  origQty: event.q,
  executedQty: event.z,
  cummulativeQuoteQty: event.Z,
});

/** The fill the report tells of; null when it tells of something else. */
export function reportedFill(event: ExecutionReport, t: number, accountId: number): ToldFill | null {
  if (event.x !== "TRADE") return null;
  return {
    t,
    ...anonymous,
    source: "report",
    symbol: event.s,
    tradeId: event.t,
    price: event.L,
    quantity: event.l,
    accountId,
    orderId: event.i,
    isMaker: event.m,
    buyerIsMaker: event.m === (event.S === "BUY"),
  };
}
