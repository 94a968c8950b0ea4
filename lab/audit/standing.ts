import type { AcceptedCommand, AccountId, Seq, StreamId } from "@castle/services/kernel/domain/command.ts";
import type { OrderStatus } from "@castle/services/kernel/domain/outcome.ts";

/** What stands in the surviving cell's database, all of it as of one moment. Amounts are integers, smallest unit. */
export interface StandingLedger {
  streams(): Promise<readonly StandingStream[]>;
  outcomes(stream: StreamId): Promise<readonly StandingOutcome[]>;
  trades(symbol: StreamId): Promise<readonly StandingTrade[]>;
  orders(symbol: StreamId): Promise<readonly StandingOrder[]>;
  /** Every command's postings, in any order of commands. */
  postings(): AsyncIterable<StandingPostings>;
  balances(): Promise<readonly StandingBalance[]>;
}

export interface StandingStream {
  readonly stream: StreamId;
  readonly lastSeq: Seq;
  readonly appliedSeq: Seq;
  /** In rising order of seq. */
  readonly commands: readonly AcceptedCommand[];
}

/** Rows of `outcome`, in rising order of seq. A row may be there twice: finding that out is the audit's work. */
export interface StandingOutcome {
  readonly seq: Seq;
  readonly body: string;
}

export interface StandingTrade {
  readonly symbol: string;
  readonly tradeId: number;
  readonly seq: Seq;
  readonly price: string;
  readonly quantity: string;
  readonly quoteQuantity: string;
  readonly makerOrderId: number;
  readonly takerOrderId: number;
  readonly makerAccountId: AccountId;
  readonly takerAccountId: AccountId;
  readonly buyerIsMaker: boolean;
  readonly time: number;
}

export interface StandingOrder {
  readonly symbol: string;
  readonly orderId: number;
  readonly accountId: AccountId;
  readonly clientOrderId: string;
  readonly side: "BUY" | "SELL";
  readonly type: string;
  readonly timeInForce: string;
  readonly price: string;
  readonly origQty: string;
  readonly executedQty: string;
  readonly cummulativeQuoteQty: string;
  readonly holdAsset: string;
  readonly holdLeft: string;
  readonly status: OrderStatus;
  readonly time: number;
  readonly updateTime: number;
}

/** All postings of one command, in the order of their legs. */
export interface StandingPostings {
  readonly stream: StreamId;
  readonly seq: Seq;
  readonly legs: readonly StandingLeg[];
}

export interface StandingLeg {
  readonly leg: number;
  readonly accountId: AccountId;
  readonly asset: string;
  readonly bucket: "free" | "locked";
  readonly amount: bigint;
}

export interface StandingBalance {
  readonly accountId: AccountId;
  readonly asset: string;
  readonly free: bigint;
  readonly locked: bigint;
}

export const isOpenStatus = (status: string): boolean => status === "NEW" || status === "PARTIALLY_FILLED";
