import type { Amount } from "../../kernel/domain/amount.ts";
import type { AcceptedCommand, CancelOrder, PlaceOrder, Side } from "../../kernel/domain/command.ts";
import type { OrderReport } from "../../kernel/domain/outcome.ts";
import type { Refusal } from "../refusals.ts";
import type { Order } from "./order.ts";

/** A trade: `quantity` of the base asset at the maker's price. */
export interface Fill {
  readonly tradeId: number;
  readonly price: Amount;
  readonly quantity: Amount;
  /** price × quantity, in the quote asset. */
  readonly quoteQuantity: Amount;
  /** Both as they are after the fill. */
  readonly maker: Order;
  readonly taker: Order;
}

/** One change of one order, as it is after it. */
export interface OrderChange {
  readonly order: Order;
  readonly execution: OrderReport["execution"];
  /** Set when `execution` is TRADE. */
  readonly fill: Fill | null;
}

/** What now stands at a price. */
export interface LevelChange {
  readonly side: Side;
  readonly price: Amount;
  readonly quantity: Amount;
}

/** Part of a hold that is not needed any more: a better price than feared, or an order that closed. */
export interface Release {
  readonly order: Order;
  readonly amount: Amount;
}

/** Everything that applying one command to a book does; outcome, settlement and rows are made from it. */
export interface Effects {
  readonly accepted: AcceptedCommand<PlaceOrder | CancelOrder>;
  /** In the order in which they happened. */
  readonly changes: readonly OrderChange[];
  readonly fills: readonly Fill[];
  /** Taken levels first, best price first; then the level the order rests at. Each once. */
  readonly levels: readonly LevelChange[];
  /** At most one: only the order that the command itself names can have more on hold than it needs. */
  readonly release: Release | null;
  readonly refusal: Refusal | null;
}
