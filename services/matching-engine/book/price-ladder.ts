import type { Amount } from "../../kernel/domain/amount.ts";
import type { Side } from "../../kernel/domain/command.ts";
import type { Order } from "./order.ts";

/** An order in its level's queue. */
export interface Resting {
  order: Order;
  readonly level: PriceLevel;
  previous: Resting | null;
  next: Resting | null;
}

/** All orders of one side at one price, oldest first. */
export interface PriceLevel {
  readonly side: Side;
  readonly price: Amount;
  /** What remains of its orders, summed. */
  quantity: Amount;
  first: Resting | null;
  last: Resting | null;
}

/**
 * One side of a book: price levels, sorted. The best price stands at the array's end, where trading comes and goes, so
 * that most changes move few elements.
 */
export class PriceLadder {
  readonly #levels: PriceLevel[] = [];
  readonly #side: Side;

  constructor(side: Side) {
    this.#side = side;
  }

  get best(): PriceLevel | undefined {
    return this.#levels[this.#levels.length - 1];
  }

  /** Levels from the best price on. */
  *bestFirst(): Generator<PriceLevel> {
    for (let at = this.#levels.length - 1; at >= 0; at -= 1) {
      const level = this.#levels[at];
      if (level) yield level;
    }
  }

  /** Puts an order behind all others at its price. */
  add(order: Order): Resting {
    const level = this.#levelAt(order.price);
    const resting: Resting = { order, level, previous: level.last, next: null };
    if (level.last) level.last.next = resting;
    else level.first = resting;
    level.last = resting;
    level.quantity += order.quantity - order.executed;
    return resting;
  }

  /** Shrinks the resting order to `order`, its state after a trade; its place in the queue stays. */
  shrink(resting: Resting, order: Order): void {
    resting.level.quantity -= order.executed - resting.order.executed;
    resting.order = order;
  }

  /** Takes an order out, with what remains of it, and its level if it was the last there. */
  remove(resting: Resting): void {
    const { level, previous, next, order } = resting;
    if (previous) previous.next = next;
    else level.first = next;
    if (next) next.previous = previous;
    else level.last = previous;
    level.quantity -= order.quantity - order.executed;
    if (!level.first) this.#levels.splice(this.#position(level.price), 1);
  }

  #levelAt(price: Amount): PriceLevel {
    const at = this.#position(price);
    const there = this.#levels[at];
    if (there?.price === price) return there;
    const level: PriceLevel = { side: this.#side, price, quantity: 0n, first: null, last: null };
    this.#levels.splice(at, 0, level);
    return level;
  }

  /** Where the level of `price` is, or belongs. */
  #position(price: Amount): number {
    let low = 0;
    let high = this.#levels.length;
    const bids = this.#side === "BUY";
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#levels[middle]?.price ?? 0n;
      if (bids ? other < price : other > price) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
