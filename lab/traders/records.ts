import type { Side } from "@castle/services/kernel/domain/command.ts";
import type { OrderStatus } from "@castle/services/kernel/domain/outcome.ts";

/**
 * Everything the traders were told, as they keep it: JSON lines in a folder, one file per kind of fact. Times are
 * milliseconds since 1970 at the traders; amounts are decimal strings as the wire had them.
 */
export const recordFiles = {
  acknowledgements: "acknowledgements.jsonl",
  orders: "orders.jsonl",
  fills: "fills.jsonl",
  depthEvents: "depth-events.jsonl",
  depthSnapshots: "depth-snapshots.jsonl",
  requests: "requests.jsonl",
  resolutions: "resolutions.jsonl",
  refusals: "refusals.jsonl",
} as const;

export type RecordKind = keyof typeof recordFiles;

/** What each file's lines hold. */
export interface RecordTypes {
  readonly acknowledgements: Acknowledgement;
  readonly orders: ToldOrder;
  readonly fills: ToldFill;
  readonly depthEvents: ToldDepthEvent;
  readonly depthSnapshots: ToldDepthSnapshot;
  readonly requests: RequestSample;
  readonly resolutions: Resolution;
  readonly refusals: ToldRefusal;
}

/** Who told it: the answering cell's headers. null on a stream, which has none. */
interface Told {
  readonly t: number;
  readonly region: string | null;
  readonly epoch: number | null;
}

/** A command that somebody vouched for. */
export interface Acknowledgement extends Told {
  readonly accountId: number;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly kind: "place" | "cancel";
  /** Of the order placed, or cancelled; null when the answer did not say (a late result). */
  readonly orderId: number | null;
  /**
   * `answer`: the answer to the command itself. `query`: the answer to it was lost, and asking found the order: then
   * the epoch is that of the cell asked, which may be a later one.
   */
  readonly by: "answer" | "query";
}

/** A command that was definitely refused: it must not have had an effect. */
export interface ToldRefusal extends Told {
  readonly accountId: number;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly kind: "place" | "cancel";
  readonly code: number;
}

/** The state of an order, as told by an answer, a query or an execution report. */
export interface ToldOrder extends Told {
  readonly source: "answer" | "query" | "report";
  readonly accountId: number;
  readonly symbol: string;
  readonly orderId: number;
  readonly clientOrderId: string;
  readonly status: OrderStatus;
  readonly side: Side;
  readonly price: string;
  readonly origQty: string;
  readonly executedQty: string;
  readonly cummulativeQuoteQty: string;
}

/** One execution, as told to one of its sides or to everybody. */
export interface ToldFill extends Told {
  readonly source: "answer" | "report" | "trade";
  readonly symbol: string;
  readonly tradeId: number;
  readonly price: string;
  readonly quantity: string;
  /** null where the source does not tell it: the trade stream names no order. */
  readonly accountId: number | null;
  readonly orderId: number | null;
  readonly isMaker: boolean | null;
  readonly buyerIsMaker: boolean | null;
}

export type PriceLevel = readonly [price: string, quantity: string];

export interface ToldDepthEvent {
  readonly t: number;
  readonly symbol: string;
  /** Numbers the listener's connections: update ids are contiguous within one. */
  readonly connection: number;
  readonly U: number;
  readonly u: number;
  readonly b: readonly PriceLevel[];
  readonly a: readonly PriceLevel[];
}

export interface ToldDepthSnapshot extends Told {
  readonly symbol: string;
  /** How many levels a side were asked for: a side with fewer is whole. */
  readonly limit: number;
  readonly lastUpdateId: number;
  readonly bids: readonly PriceLevel[];
  readonly asks: readonly PriceLevel[];
}

/**
 * What became of one scheduled request. `lost`: no answer, or none that says yes or no, and asking later told nothing;
 * `rejected`: definitely not executed in all attempts.
 */
export type RequestEnd = "acknowledged" | "refused" | "answered" | "rejected" | "lost";

/** One scheduled request, whatever the number of attempts. */
export interface RequestSample {
  /** When it was due. */
  readonly due: number;
  /** When its trader knew what came of it, or gave up. */
  readonly done: number;
  readonly accountId: number;
  readonly command: boolean;
  readonly end: RequestEnd;
  /** Whether its first attempt went without a usable answer. */
  readonly stumbled: boolean;
}

/** How a command whose answer was lost was resolved by asking. */
export interface Resolution {
  readonly t: number;
  readonly accountId: number;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly kind: "place" | "cancel";
  readonly found: "executed" | "absent" | "unresolved";
  readonly asked: number;
  readonly because: string;
}
