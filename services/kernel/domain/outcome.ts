import type { Epoch } from "@castle/regions/epoch.ts";
import type { AccountId, OrderType, Seq, Side, StreamId, TimeInForce } from "./command.ts";

export type OrderStatus = "NEW" | "PARTIALLY_FILLED" | "FILLED" | "CANCELED" | "REJECTED" | "EXPIRED";

/**
 * What applying one command did: the unit in which facts leave the engine, over its line at once and as a row of the
 * table `outcome` soon after. A stream's outcomes are gapless in `seq`, so a listener sees at once when it missed one.
 * Amounts are integer strings in the smallest unit.
 */
export interface Outcome {
  readonly stream: StreamId;
  readonly seq: Seq;
  readonly epoch: Epoch;
  readonly accountId: AccountId;
  readonly clientId: string;
  readonly kind: "place" | "cancel" | "deposit" | "open-account";
  /** The command's own time: the same on every replay. Milliseconds since 1970. */
  readonly time: number;
  /** Every order whose state the command changed, in the order of the changes, a line for each change. */
  readonly reports: readonly OrderReport[];
  readonly trades: readonly Trade[];
  /** Absolute quantity that now stands at each price that changed; "0" where the level is gone. */
  readonly levels: readonly { readonly side: Side; readonly price: string; readonly quantity: string }[];
  /** Set when the engine refused: a cancel of a closed order, a LIMIT_MAKER that would take. Binance's code. */
  readonly error: { readonly code: number; readonly msg: string } | null;
}

/** One change of one order: what an executionReport tells. */
export interface OrderReport {
  readonly orderId: number;
  readonly accountId: AccountId;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly price: string;
  readonly origQty: string;
  readonly executedQty: string;
  readonly cummulativeQuoteQty: string;
  readonly status: OrderStatus;
  readonly execution: "NEW" | "TRADE" | "CANCELED" | "REJECTED" | "EXPIRED";
  readonly lastQty: string;
  readonly lastPrice: string;
  /** null unless `execution` is TRADE. */
  readonly tradeId: number | null;
  readonly isMaker: boolean;
  /** When the order itself was accepted (not this change): milliseconds since 1970. */
  readonly orderTime: number;
}

export interface Trade {
  readonly tradeId: number;
  readonly price: string;
  readonly quantity: string;
  readonly quoteQuantity: string;
  readonly makerOrderId: number;
  readonly takerOrderId: number;
  readonly makerAccountId: AccountId;
  readonly takerAccountId: AccountId;
  readonly buyerIsMaker: boolean;
}

/** Fills one command may make at most; the rest of a taker that meets more resting orders expires. */
export const MAX_FILLS = 1_000;

/** Trade ids are made of the taker's seq and the fill's place in it: the same on every replay, rising with time. */
export const tradeId = (seq: Seq, fill: number): number => seq * MAX_FILLS + fill;
