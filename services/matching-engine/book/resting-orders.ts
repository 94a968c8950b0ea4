import { type Amount, notional, ONE } from "../../kernel/domain/amount.ts";
import type { AccountId, OrderType, Side, TimeInForce } from "../../kernel/domain/command.ts";
import type { MarketSymbol } from "../../kernel/domain/symbols.ts";
import { type Order, traded } from "./order.ts";
import type { PriceLevel } from "./price-levels.ts";
import { NO_ROW, type Row } from "./row.ts";
import { RowIndex } from "./row-index.ts";

/** A row's words of 8 bytes: four integers, four numbers, and two pairs of 32 bits. */
const QUANTITY = 0;
const EXECUTED = 1;
const EXECUTED_QUOTE = 2;
const HOLD_LEFT = 3;
const ORDER_ID = 4;
const ACCOUNT_ID = 5;
const TIME = 6;
const UPDATE_TIME = 7;
const WORDS = 10;
/** The pairs' places, in halves of a word. */
const PREVIOUS = 16;
const NEXT = 17;
const TERMS = 18;
const HALVES = 2 * WORDS;

/**
 * The highest price, and the most that an order may ask for, in smallest units: 1,000,000 and 90,000 as decimals. What
 * one buys of the other still fits 63 bits.
 */
export const MAX_PRICE: Amount = 1_000_000n * ONE;
export const MAX_QUANTITY: Amount = 90_000n * ONE;
const MAX_NOTIONAL = notional(MAX_PRICE, MAX_QUANTITY);

const types: readonly OrderType[] = ["LIMIT", "MARKET", "LIMIT_MAKER"];
const timesInForce: readonly TimeInForce[] = ["GTC", "IOC", "FOK"];

const FIRST_CAPACITY = 1_024;

/**
 * The open orders of a book, a row each in one typed buffer. As objects they would take more than twice the memory, and
 * the garbage collector would copy them while they are young and walk over them for as long as they rest: a book's
 * orders live long and are many, which is what a generational collector is worst at.
 *
 * Amounts are kept in 64 bits: nothing may get here that asks for more than {@link MAX_QUANTITY} at {@link MAX_PRICE}.
 */
export class RestingOrders {
  readonly #symbol: MarketSymbol;
  readonly #rows = new RowIndex();
  readonly #clientOrderIds: string[] = [];
  readonly #levels: (PriceLevel | null)[] = [];
  #integers = new BigInt64Array(FIRST_CAPACITY * WORDS);
  #numbers = new Float64Array(this.#integers.buffer);
  #halves = new Int32Array(this.#integers.buffer);
  /** Rows that were used before, chained by NEXT. */
  #free: Row = NO_ROW;

  constructor(symbol: MarketSymbol) {
    this.#symbol = symbol;
  }

  get size(): number {
    return this.#rows.size;
  }

  rowOf(orderId: number): Row {
    return this.#rows.get(orderId);
  }

  accountOf(row: Row): AccountId {
    return this.#numbers[row * WORDS + ACCOUNT_ID] as number;
  }

  levelOf(row: Row): PriceLevel {
    return this.#levels[row] as PriceLevel;
  }

  previousOf(row: Row): Row {
    return this.#halves[row * HALVES + PREVIOUS] as Row;
  }

  nextOf(row: Row): Row {
    return this.#halves[row * HALVES + NEXT] as Row;
  }

  /** Makes two rows neighbours in a queue; {@link NO_ROW} is its end. */
  link(previous: Row, next: Row): void {
    if (previous !== NO_ROW) this.#halves[previous * HALVES + NEXT] = next;
    if (next !== NO_ROW) this.#halves[next * HALVES + PREVIOUS] = previous;
  }

  /** What the order can still trade, in the base asset. */
  remainingOf(row: Row): Amount {
    const at = row * WORDS;
    return BigInt.asIntN(
      64,
      (this.#integers[at + QUANTITY] as bigint) - (this.#integers[at + EXECUTED] as bigint),
    );
  }

  add(order: Order, level: PriceLevel): Row {
    const row = this.#takeRow();
    const at = row * WORDS;
    this.#integers[at + QUANTITY] = order.quantity;
    this.#integers[at + EXECUTED] = order.executed;
    this.#integers[at + EXECUTED_QUOTE] = order.executedQuote;
    this.#integers[at + HOLD_LEFT] = order.holdLeft;
    this.#numbers[at + ORDER_ID] = order.orderId;
    this.#numbers[at + ACCOUNT_ID] = order.accountId;
    this.#numbers[at + TIME] = order.time;
    this.#numbers[at + UPDATE_TIME] = order.updateTime;
    this.#halves[row * HALVES + PREVIOUS] = NO_ROW;
    this.#halves[row * HALVES + NEXT] = NO_ROW;
    this.#halves[row * HALVES + TERMS] =
      types.indexOf(order.type) * timesInForce.length + timesInForce.indexOf(order.timeInForce);
    this.#clientOrderIds[row] = order.clientOrderId;
    this.#levels[row] = level;
    this.#rows.add(order.orderId, row);
    return row;
  }

  /** @returns the order after it traded `quantity` for `quoteQuantity`. */
  trade(row: Row, quantity: Amount, quoteQuantity: Amount, updateTime: number): Order {
    const order = traded(this.orderAt(row), quantity, quoteQuantity, updateTime);
    const at = row * WORDS;
    this.#integers[at + EXECUTED] = order.executed;
    this.#integers[at + EXECUTED_QUOTE] = order.executedQuote;
    this.#integers[at + HOLD_LEFT] = order.holdLeft;
    this.#numbers[at + UPDATE_TIME] = updateTime;
    return order;
  }

  delete(row: Row): void {
    this.#rows.delete(this.#numbers[row * WORDS + ORDER_ID] as number);
    this.#clientOrderIds[row] = "";
    this.#levels[row] = null;
    this.#halves[row * HALVES + NEXT] = this.#free;
    this.#free = row;
  }

  orderAt(row: Row): Order {
    const at = row * WORDS;
    const terms = this.#halves[row * HALVES + TERMS] as number;
    const { side, price } = this.levelOf(row);
    const executed = this.#integers[at + EXECUTED] as bigint;
    return {
      orderId: this.#numbers[at + ORDER_ID] as number,
      accountId: this.#numbers[at + ACCOUNT_ID] as number,
      clientOrderId: this.#clientOrderIds[row] as string,
      side,
      type: types[Math.floor(terms / timesInForce.length)] as OrderType,
      timeInForce: timesInForce[terms % timesInForce.length] as TimeInForce,
      price,
      quantity: this.#integers[at + QUANTITY] as bigint,
      executed,
      executedQuote: this.#integers[at + EXECUTED_QUOTE] as bigint,
      holdAsset: holdAssetOf(this.#symbol, side),
      holdLeft: this.#integers[at + HOLD_LEFT] as bigint,
      status: executed === 0n ? "NEW" : "PARTIALLY_FILLED",
      time: this.#numbers[at + TIME] as number,
      updateTime: this.#numbers[at + UPDATE_TIME] as number,
    };
  }

  #takeRow(): Row {
    const row = this.#free;
    if (row !== NO_ROW) {
      this.#free = this.nextOf(row);
      return row;
    }
    const fresh = this.#levels.length;
    if ((fresh + 1) * WORDS > this.#integers.length) this.#grow();
    return fresh;
  }

  #grow(): void {
    const integers = new BigInt64Array(2 * this.#integers.length);
    integers.set(this.#integers);
    this.#integers = integers;
    this.#numbers = new Float64Array(integers.buffer);
    this.#halves = new Int32Array(integers.buffer);
  }
}

/** Whether the order is one that a book can have open. */
export function canRest(order: Order, symbol: MarketSymbol): boolean {
  const { side, type, price, quantity, executed, executedQuote, holdAsset, holdLeft, status } = order;
  return (
    type !== "MARKET" &&
    price > 0n &&
    price <= MAX_PRICE &&
    quantity <= MAX_QUANTITY &&
    executed >= 0n &&
    executed < quantity &&
    status === (executed === 0n ? "NEW" : "PARTIALLY_FILLED") &&
    executedQuote >= 0n &&
    executedQuote <= MAX_NOTIONAL &&
    holdAsset === holdAssetOf(symbol, side) &&
    holdLeft >= 0n &&
    holdLeft <= MAX_NOTIONAL
  );
}

/** What an order of this side has on hold. */
export const holdAssetOf = ({ base, quote }: MarketSymbol, side: Side): string =>
  side === "BUY" ? quote : base;
