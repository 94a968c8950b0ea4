import type { OrderType, Side, TimeInForce } from "@castle/services/kernel/domain/command.ts";

/** How much of the answer a trader waits for: durable, matched, or matched with its fills. */
export type AnswerWanted = "ACK" | "RESULT" | "FULL";

/** A request a trader means to make. Traders are numbered from 0. Prices and quantities are decimal strings. */
export type Intent = PlaceIntent | CancelIntent | OrderQuery | DepthQuery | AccountQuery;

export interface PlaceIntent {
  readonly kind: "place";
  readonly trader: number;
  readonly symbol: string;
  readonly clientOrderId: string;
  readonly side: Side;
  readonly type: OrderType;
  /** null where the type has none. */
  readonly timeInForce: TimeInForce | null;
  readonly price: string | null;
  readonly quantity: string | null;
  /** A market buy may name what it spends instead of what it gets. */
  readonly quoteOrderQty: string | null;
  readonly answer: AnswerWanted;
}

export interface CancelIntent {
  readonly kind: "cancel";
  readonly trader: number;
  readonly symbol: string;
  readonly clientOrderId: string;
  readonly origClientOrderId: string;
}

export interface OrderQuery {
  readonly kind: "query-order";
  readonly trader: number;
  readonly symbol: string;
  readonly origClientOrderId: string;
}

export interface DepthQuery {
  readonly kind: "depth";
  readonly trader: number;
  readonly symbol: string;
}

export interface AccountQuery {
  readonly kind: "account";
  readonly trader: number;
}

/** What goes into a stream and is acknowledged; everything else only asks. */
export type CommandIntent = PlaceIntent | CancelIntent;

export const isCommand = (intent: Intent): intent is CommandIntent =>
  intent.kind === "place" || intent.kind === "cancel";
