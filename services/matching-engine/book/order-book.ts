import { notional } from "../../kernel/domain/amount.ts";
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
import { PriceLadder, type PriceLevel, type Resting } from "./price-ladder.ts";
import { accepts, arrive, canFillWhole, violation, walk } from "./taker.ts";

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
  readonly #sides: Readonly<Record<Side, PriceLadder>> = {
    BUY: new PriceLadder("BUY"),
    SELL: new PriceLadder("SELL"),
  };
  readonly #byId = new Map<number, Resting>();
  #appliedSeq: Seq;

  private constructor(symbol: MarketSymbol, appliedSeq: Seq) {
    this.symbol = symbol;
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
      if (
        !isOpen(order) ||
        order.price <= 0n ||
        order.executed >= order.quantity ||
        order.orderId <= previous
      )
        throw new BookViolated(
          symbol.name,
          appliedSeq,
          `order ${order.orderId} (${order.status}, ${order.executed} of ${order.quantity} at ${order.price}) cannot rest in a book after order ${previous}`,
        );
      previous = order.orderId;
      book.#rest(order);
    }
    return book;
  }

  /** The seq of the last command applied. */
  get appliedSeq(): Seq {
    return this.#appliedSeq;
  }

  get openOrders(): number {
    return this.#byId.size;
  }

  /** Open orders of one side, best price first, oldest first at one price. */
  *ordersOf(side: Side): Generator<Order> {
    for (const level of this.#sides[side].bestFirst())
      for (let resting = level.first; resting; resting = resting.next) yield resting.order;
  }

  /** Price levels of one side, best first. */
  *levelsOf(side: Side): Generator<LevelChange> {
    for (const level of this.#sides[side].bestFirst()) yield standing(level);
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
    const resting = this.#byId.get(accepted.command.orderId);
    if (!resting || resting.order.accountId !== accepted.accountId)
      return { accepted, changes: [], fills: [], levels: [], release: null, refusal: refusals.unknownOrder };
    const before = resting.order;
    const after = changed(before, { status: "CANCELED", holdLeft: 0n, updateTime: accepted.acceptedAt });
    this.#sides[before.side].remove(resting);
    this.#byId.delete(before.orderId);
    return {
      accepted,
      changes: [{ order: after, execution: "CANCELED", fill: null }],
      fills: [],
      levels: [standing(resting.level)],
      release: before.holdLeft > 0n ? { order: after, amount: before.holdLeft } : null,
      refusal: null,
    };
  }

  #place(accepted: AcceptedCommand<PlaceOrder>): Effects {
    const { command } = accepted;
    const wrong = violation(this.symbol, command);
    if (wrong) throw new BookViolated(this.symbol.name, accepted.seq, wrong);

    const arriving = arrive(accepted);
    const opposite = this.#sides[arriving.side === "BUY" ? "SELL" : "BUY"];
    const crossing = (): boolean => opposite.best !== undefined && accepts(arriving, opposite.best.price);
    if (command.type === "LIMIT_MAKER" && crossing()) return closeUntouched(accepted, arriving, "REJECTED");
    if (command.type === "LIMIT" && command.timeInForce === "FOK" && !canFillWhole(arriving, opposite))
      return closeUntouched(accepted, arriving, "EXPIRED");

    const { taker, changes, fills, levels } = walk(arriving, command, opposite, this.symbol.stepSize);
    for (const { maker } of fills) if (maker.status === "FILLED") this.#byId.delete(maker.orderId);
    const stays =
      command.type === "LIMIT_MAKER" || (command.type === "LIMIT" && command.timeInForce === "GTC");
    // Still crossing after the walk: the limit of fills was reached. Resting there would cross the book.
    const expires = taker.status !== "FILLED" && (!stays || crossing());
    const ended = expires ? changed(taker, { status: "EXPIRED" }) : taker;
    const { order, release } = releaseUnneeded(ended);
    const rests = isOpen(order) ? this.#rest(order) : null;
    return {
      accepted,
      changes: [
        { order: arriving, execution: "NEW", fill: null },
        ...changes,
        ...(expires ? [{ order, execution: "EXPIRED", fill: null } as const] : []),
      ],
      fills,
      levels: [...levels.map((level) => standing(level)), ...(rests ? [standing(rests.level)] : [])],
      release,
      refusal: null,
    };
  }

  #rest(order: Order): Resting {
    const resting = this.#sides[order.side].add(order);
    this.#byId.set(order.orderId, resting);
    return resting;
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
    fills: [],
    levels: [],
    release,
    refusal: rejected ? refusals.wouldTake : null,
  };
}

/** What an order has on hold beyond what it can still use: bought below its limit, or closed. */
function releaseUnneeded(ended: Order): { order: Order; release: Release | null } {
  const remaining = ended.quantity - ended.executed;
  const usable = !isOpen(ended) ? 0n : ended.side === "BUY" ? notional(ended.price, remaining) : remaining;
  const amount = ended.holdLeft - usable;
  if (amount === 0n) return { order: ended, release: null };
  const order = changed(ended, { holdLeft: usable });
  return { order, release: { order, amount } };
}

const standing = ({ side, price, quantity }: PriceLevel): LevelChange => ({ side, price, quantity });
