import { FIRST_ENGINE_LEG } from "@castle/services/kernel/database/postings.ts";
import type { AcceptedCommand } from "@castle/services/kernel/domain/command.ts";
import { MAX_FILLS } from "@castle/services/kernel/domain/outcome.ts";
import { isOpen, type Order } from "@castle/services/matching-engine/book/order.ts";
import { OrderBook } from "@castle/services/matching-engine/book/order-book.ts";
import { priceOf, remaining } from "@castle/services/matching-engine/reference/order.ts";
import { ReferenceEngine } from "@castle/services/matching-engine/reference/reference-engine.ts";
import { replay } from "@castle/services/matching-engine/reference/replay.ts";
import { balanceDeltas } from "@castle/services/matching-engine/settlement/balance-delta.ts";
import { Market } from "@castle/services/matching-engine/stream/market.ts";
import { assert } from "chai";
import fc from "fast-check";
import { btcusdt, limit, marketBuy, streamOf } from "./support/orders.ts";
import { emptyMarket, play } from "./support/play.ts";
import { randomStream } from "./support/random-stream.ts";

/** The open orders as the database would hold them: each order's last state, by rising id. */
function storedOpenOrders(stream: readonly AcceptedCommand[], market: Market): Order[] {
  const stored = new Map<number, Order>();
  for (const accepted of stream)
    for (const order of market.apply(accepted).orders) stored.set(order.orderId, order);
  return [...stored.values()].filter(isOpen).sort((a, b) => a.orderId - b.orderId);
}

describe("the matching engine against the reference", () => {
  it("tells the same outcome of every command, and moves the same money", () => {
    fc.assert(
      fc.property(randomStream, (stream) => {
        const market = emptyMarket();
        const reference = new ReferenceEngine(btcusdt);
        for (const accepted of stream) {
          const applied = market.apply(accepted);
          const expected = reference.apply(accepted);
          assert.deepEqual(applied.outcome, expected.outcome);
          const settled = applied.postings.filter(({ leg }) => leg >= FIRST_ENGINE_LEG);
          assert.deepEqual(balanceDeltas(settled), expected.deltas);
        }
      }),
      { numRuns: 400 },
    );
  });

  it("agrees at the limit of fills of one command", () => {
    const crowd = Array.from({ length: MAX_FILLS + 1 }, () => [1, limit("SELL", "0.00001", "100")] as const);
    for (const takes of [
      limit("BUY", "0.05", "100"),
      limit("BUY", "0.01", "100"),
      limit("BUY", "0.01001", "100", "FOK"),
      limit("BUY", "0.01", "100", "FOK"),
      marketBuy("0.05", "9"),
      marketBuy(null, "9"),
    ]) {
      const stream = streamOf(...crowd, [2, takes]);
      assert.deepEqual(play(stream).last.outcome, [...replay(btcusdt.name, stream)].at(-1));
    }
  });

  it("holds the same open orders, and levels that are their sum", () => {
    fc.assert(
      fc.property(randomStream, (stream) => {
        const { book } = play(stream).market;
        const reference = new ReferenceEngine(btcusdt);
        for (const accepted of stream) reference.apply(accepted);
        for (const side of ["BUY", "SELL"] as const) {
          const open = reference.open.filter((order) => order.place.command.side === side);
          const ids = [...book.ordersOf(side)].map((order) => order.orderId).sort((a, b) => a - b);
          assert.deepEqual(
            ids,
            open.map((order) => order.place.seq),
          );
          for (const level of book.levelsOf(side)) {
            const there = open.filter((order) => priceOf(order) === level.price);
            assert.equal(
              level.quantity,
              there.reduce((sum, order) => sum + remaining(order), 0n),
            );
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it("meets every kind of end in the streams it is checked with", () => {
    const seen = new Set<string>();
    for (const stream of fc.sample(randomStream, { numRuns: 100, seed: 1 }))
      for (const { outcome } of play(stream).all) {
        if (outcome.error) seen.add(`refused ${outcome.error.code}`);
        for (const r of outcome.reports) seen.add(`${r.type} ${r.timeInForce} ${r.execution} ${r.status}`);
      }
    assert.includeMembers(
      [...seen],
      [
        "refused -2010",
        "refused -2011",
        "LIMIT GTC CANCELED CANCELED",
        "LIMIT GTC TRADE FILLED",
        "LIMIT GTC TRADE PARTIALLY_FILLED",
        "LIMIT IOC EXPIRED EXPIRED",
        "LIMIT IOC TRADE FILLED",
        "LIMIT FOK EXPIRED EXPIRED",
        "LIMIT FOK TRADE FILLED",
        "LIMIT_MAKER GTC NEW NEW",
        "LIMIT_MAKER GTC TRADE FILLED",
        "LIMIT_MAKER GTC REJECTED REJECTED",
        "MARKET IOC TRADE FILLED",
        "MARKET IOC EXPIRED EXPIRED",
      ],
    );
  });
});

describe("a book that was lost", () => {
  it("goes on from the stored open orders as if nothing had happened", () => {
    fc.assert(
      fc.property(randomStream, fc.nat(), (stream, anywhere) => {
        const uninterrupted = play(stream).all.map(({ outcome, postings }) => ({ outcome, postings }));
        const cut = anywhere % stream.length;
        const open = storedOpenOrders(stream.slice(0, cut), emptyMarket());
        const market = new Market(OrderBook.restore(btcusdt, cut, open));
        for (const accepted of stream.slice(cut)) {
          const { outcome, postings } = market.apply(accepted);
          assert.deepEqual({ outcome, postings }, uninterrupted[accepted.seq - 1]);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("replay", () => {
  it("tells of a whole stream what the live engine told, to the byte", () => {
    fc.assert(
      fc.property(randomStream, (stream) => {
        const live = play(stream).all.map(({ outcome }) => JSON.stringify(outcome));
        const replayed = [...replay(btcusdt.name, stream)].map((outcome) => JSON.stringify(outcome));
        assert.deepEqual(replayed, live);
      }),
      { numRuns: 100 },
    );
  });

  it("refuses a stream with a hole, and names what is missing", () => {
    const stream =
      fc.sample(randomStream, { numRuns: 20, seed: 2 }).find((commands) => commands.length > 5) ?? [];
    const holed = stream.filter((accepted) => accepted.seq !== 3);
    assert.throws(() => [...replay(btcusdt.name, holed)], /BTCUSDT wants its command 3 next, got BTCUSDT 4/);
  });
});
