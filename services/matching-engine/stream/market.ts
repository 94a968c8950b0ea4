import { holdPostings } from "../../kernel/database/command-log.ts";
import type { AcceptedCommand, Seq } from "../../kernel/domain/command.ts";
import type { OrderBook } from "../book/order-book.ts";
import { outcomeOf } from "../book/outcome-of.ts";
import { settle } from "../settlement/settle.ts";
import type { Applied, StreamMachine } from "./applied.ts";

/** A symbol's stream: its book, and the settlement of what happens there. */
export class Market implements StreamMachine {
  readonly book: OrderBook;

  constructor(book: OrderBook) {
    this.book = book;
  }

  get appliedSeq(): Seq {
    return this.book.appliedSeq;
  }

  apply(accepted: AcceptedCommand): Applied {
    const effects = this.book.apply(accepted);
    const orders = effects.changes.map((change) => change.order);
    // A release is no event that a trader is told of, so it is in no change: it is the order's last state.
    if (effects.release) orders.push(effects.release.order);
    return {
      outcome: outcomeOf(effects),
      postings: [...holdPostings(accepted), ...settle(this.book.symbol, effects)],
      orders,
      accounts: [],
    };
  }
}
