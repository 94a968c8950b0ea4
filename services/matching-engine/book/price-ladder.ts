import type { Amount } from "../../kernel/domain/amount.ts";
import type { Side } from "../../kernel/domain/command.ts";
import type { Order } from "./order.ts";
import { type PriceLevel, PriceLevels } from "./price-levels.ts";
import type { RestingOrders } from "./resting-orders.ts";
import { NO_ROW, type Row } from "./row.ts";

/** One side of a book: a queue of resting orders at each price. */
export class PriceLadder {
  readonly #levels: PriceLevels;
  readonly #orders: RestingOrders;

  constructor(side: Side, orders: RestingOrders) {
    this.#levels = new PriceLevels(side);
    this.#orders = orders;
  }

  get best(): PriceLevel | undefined {
    return this.#levels.best;
  }

  /** Levels from the best price on. */
  bestFirst(): Generator<PriceLevel> {
    return this.#levels.bestFirst();
  }

  /** A level's orders, oldest first. */
  *ordersAt(level: PriceLevel): Generator<Order> {
    for (let row = level.first; row !== NO_ROW; row = this.#orders.nextOf(row))
      yield this.#orders.orderAt(row);
  }

  /** What remains of each of a level's orders, oldest first. */
  *remainingAt(level: PriceLevel): Generator<Amount> {
    for (let row = level.first; row !== NO_ROW; row = this.#orders.nextOf(row))
      yield this.#orders.remainingOf(row);
  }

  /** What remains of a level's oldest order. */
  firstRemainingAt(level: PriceLevel): Amount {
    return this.#orders.remainingOf(level.first);
  }

  /** Puts an order behind all others at its price. */
  add(order: Order): PriceLevel {
    const level = this.#levels.at(order.price);
    const row = this.#orders.add(order, level);
    if (level.last === NO_ROW) level.first = row;
    else this.#orders.link(level.last, row);
    level.last = row;
    level.quantity += order.quantity - order.executed;
    return level;
  }

  /** Trades `quantity` of a level's oldest order; it leaves when nothing remains of it. Its state is returned. */
  tradeFirstAt(level: PriceLevel, quantity: Amount, quoteQuantity: Amount, updateTime: number): Order {
    const row = level.first;
    const order = this.#orders.trade(row, quantity, quoteQuantity, updateTime);
    level.quantity -= quantity;
    if (order.status === "FILLED") this.#takeOut(row, level);
    return order;
  }

  /** Takes an order out, with what remains of it. */
  remove(row: Row): PriceLevel {
    const level = this.#orders.levelOf(row);
    level.quantity -= this.#orders.remainingOf(row);
    this.#takeOut(row, level);
    return level;
  }

  /** Takes an order out of its queue, and the level if it was the last there. */
  #takeOut(row: Row, level: PriceLevel): void {
    const previous = this.#orders.previousOf(row);
    const next = this.#orders.nextOf(row);
    if (previous === NO_ROW) level.first = next;
    if (next === NO_ROW) level.last = previous;
    this.#orders.link(previous, next);
    this.#orders.delete(row);
    if (level.first === NO_ROW) this.#levels.delete(level);
  }
}
