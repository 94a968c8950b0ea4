import { notional } from "@castle/services/kernel/domain/amount.ts";
import { isOpen, type Order } from "@castle/services/matching-engine/book/order.ts";
import { BookViolated, OrderBook } from "@castle/services/matching-engine/book/order-book.ts";
import { MAX_PRICE, MAX_QUANTITY } from "@castle/services/matching-engine/book/resting-orders.ts";
import { assert } from "chai";
import fc from "fast-check";
import { asks, MAKER, sell, TAKER } from "./support/books.ts";
import { accepted, btcusdt, cancel, streamOf } from "./support/orders.ts";
import { emptyMarket, play } from "./support/play.ts";
import { randomStream } from "./support/random-stream.ts";

/** The last state of every order that is open, as effects told it. */
function openOrdersOf(effects: Iterable<{ readonly orders: readonly Order[] }>): Map<number, Order> {
  const last = new Map<number, Order>();
  for (const { orders } of effects) for (const order of orders) last.set(order.orderId, order);
  for (const [orderId, order] of last) if (!isOpen(order)) last.delete(orderId);
  return last;
}

const ordersOf = (book: OrderBook): Map<number, Order> =>
  new Map([...book.ordersOf("BUY"), ...book.ordersOf("SELL")].map((order) => [order.orderId, order]));

const byId = (orders: Iterable<Order>): Order[] => [...orders].sort((a, b) => a.orderId - b.orderId);

describe("the orders that a book has open", () => {
  it("are, field by field, what the effects told of them last", () => {
    fc.assert(
      fc.property(randomStream, (stream) => {
        const { all, market } = play(stream);
        assert.deepEqual(ordersOf(market.book), openOrdersOf(all));
      }),
      { numRuns: 100 },
    );
  });

  it("stay what they are while thousands come and go", () => {
    const { book } = emptyMarket();
    const expected = new Map<number, Order>();
    const places = 4_000;
    for (let seq = 1; seq <= 2 * places; seq += 1) {
      // From the second half on, each order takes the row of one that was cancelled just before.
      const cancels = seq > places && seq % 2 === 1;
      const orderId = (seq * 7) % places;
      const command = cancels ? cancel(orderId) : sell(1 + (seq % 50), 100 + (seq % 300));
      const { changes, refusal } = book.apply(accepted(seq, MAKER, command));
      if (!refusal) for (const { order } of changes) expected.set(order.orderId, order);
    }
    for (const [orderId, order] of expected) if (!isOpen(order)) expected.delete(orderId);
    assert.equal(book.openOrders, expected.size);
    assert.deepEqual(ordersOf(book), expected);
  });
});

describe("a restored book", () => {
  const [order] = play(streamOf([MAKER, sell(10, 100)])).last.orders as [Order];
  const restoreOne = (changes: Partial<Order>): OrderBook =>
    OrderBook.restore(btcusdt, 4, [{ ...order, ...changes }]);

  it("has the very orders and levels of the one it was taken from", () => {
    fc.assert(
      fc.property(randomStream, (stream) => {
        const { book } = play(stream).market;
        const again = OrderBook.restore(btcusdt, book.appliedSeq, byId(ordersOf(book).values()));
        for (const side of ["BUY", "SELL"] as const) {
          assert.deepEqual([...again.ordersOf(side)], [...book.ordersOf(side)]);
          assert.deepEqual([...again.levelsOf(side)], [...book.levelsOf(side)]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("holds the highest price and quantity there can be, to the last unit", () => {
    const most: Partial<Order> = {
      side: "BUY",
      price: MAX_PRICE,
      quantity: MAX_QUANTITY,
      executed: MAX_QUANTITY - 1n,
      executedQuote: notional(MAX_PRICE, MAX_QUANTITY),
      holdAsset: btcusdt.quote,
      holdLeft: notional(MAX_PRICE, MAX_QUANTITY),
      status: "PARTIALLY_FILLED",
    };
    assert.deepEqual([...restoreOne(most).ordersOf("BUY")], [{ ...order, ...most }]);
  });

  const impossible: readonly (readonly [string, Partial<Order>])[] = [
    ["a closed order", { status: "CANCELED" }],
    ["an order that is filled", { executed: order.quantity, status: "PARTIALLY_FILLED" }],
    ["a new order that has traded", { executed: 1n }],
    ["a partial fill of nothing", { status: "PARTIALLY_FILLED" }],
    ["a market order", { type: "MARKET" }],
    ["an order without a price", { price: 0n }],
    ["a price above the highest", { price: MAX_PRICE + 1n }],
    ["a quantity above the most", { quantity: MAX_QUANTITY + 1n }],
    ["a hold below zero", { holdLeft: -1n }],
    ["a hold of the other asset", { holdAsset: btcusdt.quote }],
    ["an id that is none", { orderId: 0 }],
  ];
  for (const [what, changes] of impossible)
    it(`stops at ${what}`, () => {
      assert.throws(() => restoreOne(changes), BookViolated, /cannot rest in a book after order 0/);
    });

  it("stops at orders that are not sorted by id", () => {
    const orders = byId(ordersOf(play(streamOf(...asks)).market.book).values());
    assert.throws(
      () => OrderBook.restore(btcusdt, 3, orders.reverse()),
      BookViolated,
      /order 2 .* after order 3/,
    );
  });
});

describe("the top of a book", () => {
  const { book } = play(streamOf(...asks, [TAKER, sell(5, 103)])).market;

  it("is its best levels, no more than were requested", () => {
    const all = [...book.levelsOf("SELL")];
    assert.lengthOf(all, 3);
    assert.deepEqual(book.topLevels("SELL", 2), all.slice(0, 2));
    assert.deepEqual(book.topLevels("SELL", 5_000), all);
  });

  it("is nothing where nothing rests", () => {
    assert.deepEqual(book.topLevels("BUY", 5), []);
  });
});
