import { type Amount, notional } from "../../kernel/domain/amount.ts";
import type {
  AcceptedCommand,
  CancelOrder,
  Command,
  PlaceOrder,
  Seq,
  Side,
} from "../../kernel/domain/command.ts";
import type { MarketSymbol } from "../../kernel/domain/symbols.ts";
import { refusals } from "../refusals.ts";
import type { Effects, LevelChange, OrderChange, Release } from "./effects.ts";
import { changed, isOpen, type Order } from "./order.ts";
import { PriceLadder } from "./price-ladder.ts";
import type { PriceLevel } from "./price-levels.ts";
import { canRest, RestingOrders } from "./resting-orders.ts";
import { NO_ROW } from "./row.ts";
import { accepts, arrive, canFillWhole, neededHold, violation, walk } from "./taker.ts";

/** The book was asked for what no accepted command can ask: a defect elsewhere, which must not become money. */
export class BookViolated extends Error {
  constructor(symbol: string, seq: Seq, what: string) {
    super(`${symbol} command ${seq}: ${what}; the stream stays where it is until this is understood`);
    this.name = "BookViolated";
  }
}

/**
 * One symbol's order book: price-time priority, exact integers, deterministic. Time comes from the commands alone, ids
 * from their places in the stream, so that applying the same commands again gives the same effects to the byte.
 */
export class OrderBook {
  readonly symbol: MarketSymbol;
  readonly #orders: RestingOrders;
  readonly #bids: PriceLadder;
  readonly #asks: PriceLadder;
  #appliedSeq: Seq;

  private constructor(symbol: MarketSymbol, appliedSeq: Seq) {
    this.symbol = symbol;
    this.#orders = new RestingOrders(symbol);
    this.#bids = new PriceLadder("BUY", this.#orders);
    this.#asks = new PriceLadder("SELL", this.#orders);
    this.#appliedSeq = appliedSeq;
  }

  static empty(symbol: MarketSymbol): OrderBook {
    return new OrderBook(symbol, 0);
  }

  /**
   * The book as it was after `appliedSeq`. Queues need no record of their own: nothing ever moves an order back, so at
   * one price a lower order id is an older place.
   * @param openOrders every open order of the symbol, by rising order id.
   * @throws BookViolated when one of them cannot rest.
   */
  static restore(symbol: MarketSymbol, appliedSeq: Seq, openOrders: Iterable<Order>): OrderBook {
    const book = new OrderBook(symbol, appliedSeq);
    let previous = 0;
    for (const order of openOrders) {
      if (!canRest(order, symbol) || order.orderId <= previous)
        throw new BookViolated(
          symbol.name,
          appliedSeq,
          `order ${order.orderId} (${order.status}, ${order.executed} of ${order.quantity} at ${order.price}, ` +
            `${order.holdLeft} ${order.holdAsset} on hold) cannot rest in a book after order ${previous}`,
        );
      previous = order.orderId;
      book.#side(order.side).add(order);
    }
    return book;
  }

  /** The seq of the last command applied. */
  get appliedSeq(): Seq {
    return this.#appliedSeq;
  }

  get openOrders(): number {
    return this.#orders.size;
  }

  /** Open orders of one side, best price first, oldest first at one price. */
  *ordersOf(side: Side): Generator<Order> {
    const ladder = this.#side(side);
    for (const level of ladder.bestFirst()) yield* ladder.ordersAt(level);
  }

  /** Price levels of one side, best first. */
  *levelsOf(side: Side): Generator<LevelChange> {
    for (const level of this.#side(side).bestFirst()) yield standing(level);
  }

  /** As {@link levelsOf}, the best `limit` at most: for a snapshot of the depth, taken between two commands. */
  topLevels(side: Side, limit: number): LevelChange[] {
    const top: LevelChange[] = [];
    for (const level of this.#side(side).bestFirst()) {
      if (top.length >= limit) break;
      top.push(standing(level));
    }
    return top;
  }

  /** @throws BookViolated when the command is not the next one, not for a book, or not covered by its hold. */
  apply(accepted: AcceptedCommand): Effects {
    const { seq, command } = accepted;
    if (seq !== this.#appliedSeq + 1)
      throw new BookViolated(this.symbol.name, seq, `the book wants command ${this.#appliedSeq + 1} next`);
    const effects = this.#applyNext(accepted, command);
    this.#appliedSeq = seq;
    return effects;
  }

  #applyNext(accepted: AcceptedCommand, command: Command): Effects {
    switch (command.kind) {
      case "place":
        return this.#place(accepted as AcceptedCommand<PlaceOrder>);
      case "cancel":
        return this.#cancel(accepted as AcceptedCommand<CancelOrder>);
      case "deposit":
      case "open-account":
        throw new BookViolated(
          this.symbol.name,
          accepted.seq,
          `a ${command.kind} belongs in the wallet stream`,
        );
      default:
        return command satisfies never;
    }
  }

  #cancel(accepted: AcceptedCommand<CancelOrder>): Effects {
    const row = this.#orders.rowOf(accepted.command.orderId);
    if (row === NO_ROW || this.#orders.accountOf(row) !== accepted.accountId)
      return {
        accepted,
        changes: NONE,
        fills: NONE,
        levels: NONE,
        release: null,
        refusal: refusals.unknownOrder,
      };
    const before = this.#orders.orderAt(row);
    const after = changed(before, { status: "CANCELED", holdLeft: 0n, updateTime: accepted.acceptedAt });
    const level = this.#side(before.side).remove(row);
    return {
      accepted,
      changes: [{ order: after, execution: "CANCELED", fill: null }],
      fills: NONE,
      levels: [standing(level)],
      release: before.holdLeft > 0n ? { order: after, amount: before.holdLeft } : null,
      refusal: null,
    };
  }

  #place(accepted: AcceptedCommand<PlaceOrder>): Effects {
    const { command } = accepted;
    const needed = neededHold(command);
    const wrong = violation(this.symbol, command, needed);
    if (wrong) throw new BookViolated(this.symbol.name, accepted.seq, wrong);

    const arriving = arrive(accepted);
    const opposite = this.#side(arriving.side === "BUY" ? "SELL" : "BUY");
    const { best } = opposite;
    const rests =
      command.type === "LIMIT_MAKER" || (command.type === "LIMIT" && command.timeInForce === "GTC");
    if (best === undefined || !accepts(arriving, best.price))
      return rests
        ? this.#restUntouched(accepted, arriving, needed)
        : closeUntouched(accepted, arriving, "EXPIRED");
    if (command.type === "LIMIT_MAKER") return closeUntouched(accepted, arriving, "REJECTED");
    if (command.timeInForce === "FOK" && command.type === "LIMIT" && !canFillWhole(arriving, opposite))
      return closeUntouched(accepted, arriving, "EXPIRED");
    return this.#take(accepted, arriving, opposite, rests);
  }

  #restUntouched(accepted: AcceptedCommand<PlaceOrder>, arriving: Order, needed: Amount): Effects {
    const { order, release } = withHold(arriving, needed);
    const level = this.#side(order.side).add(order);
    return {
      accepted,
      changes: [{ order: arriving, execution: "NEW", fill: null }],
      fills: NONE,
      levels: [standing(level)],
      release,
      refusal: null,
    };
  }

  #take(
    accepted: AcceptedCommand<PlaceOrder>,
    arriving: Order,
    opposite: PriceLadder,
    rests: boolean,
  ): Effects {
    const { taker, changes, fills, levels } = walk(
      arriving,
      accepted.command,
      opposite,
      this.symbol.stepSize,
    );
    const levelChanges = levels.map(standing);
    // Still crossing after the walk: the limit of fills was reached. Resting there would cross the book.
    const { best } = opposite;
    const expires =
      taker.status !== "FILLED" && (!rests || (best !== undefined && accepts(taker, best.price)));
    const { order, release } = releaseUnneeded(expires ? changed(taker, { status: "EXPIRED" }) : taker);
    if (expires) changes.push({ order, execution: "EXPIRED", fill: null });
    if (isOpen(order)) levelChanges.push(standing(this.#side(order.side).add(order)));
    return { accepted, changes, fills, levels: levelChanges, release, refusal: null };
  }

  #side(side: Side): PriceLadder {
    return side === "BUY" ? this.#bids : this.#asks;
  }
}

/** An order that ends before it meets anyone: everything it has on hold is released. */
function closeUntouched(
  accepted: AcceptedCommand<PlaceOrder>,
  arriving: Order,
  status: "REJECTED" | "EXPIRED",
): Effects {
  const { order, release } = releaseUnneeded(changed(arriving, { status }));
  const closed: OrderChange = { order, execution: status, fill: null };
  const rejected = status === "REJECTED";
  return {
    accepted,
    changes: rejected ? [closed] : [{ order: arriving, execution: "NEW", fill: null }, closed],
    fills: NONE,
    levels: NONE,
    release,
    refusal: rejected ? refusals.wouldTake : null,
  };
}

/** What an order has on hold beyond what it can still use: bought below its limit, or closed. */
function releaseUnneeded(order: Order): { order: Order; release: Release | null } {
  if (!isOpen(order)) return withHold(order, 0n);
  const remaining = order.quantity - order.executed;
  return withHold(order, order.side === "BUY" ? notional(order.price, remaining) : remaining);
}

/** Leaves `usable` on hold and releases the rest. */
function withHold(order: Order, usable: Amount): { order: Order; release: Release | null } {
  if (order.holdLeft === usable) return { order, release: null };
  const after = changed(order, { holdLeft: usable });
  return { order: after, release: { order: after, amount: order.holdLeft - usable } };
}

const NONE: readonly never[] = Object.freeze([]);

const standing = ({ side, price, quantity }: PriceLevel): LevelChange => ({ side, price, quantity });
