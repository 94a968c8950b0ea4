import type { AccountId, Command } from "@castle/services/kernel/domain/command.ts";
import { MAX_FILLS } from "@castle/services/kernel/domain/outcome.ts";
import { BookViolated } from "@castle/services/matching-engine/book/order-book.ts";
import { assert } from "chai";
import { asks, bids, buy, MAKER, sell, steps, TAKER } from "./support/books.ts";
import { accepted, cancel, limit, limitMaker, marketBuy, marketSell, streamOf } from "./support/orders.ts";
import { emptyMarket, fillsOf, levelsOf, play, reportsOf } from "./support/play.ts";

describe("the order book", () => {
  it("reports every change of every order, the maker's before the taker's", () => {
    const { outcome } = play(streamOf(...asks, [TAKER, buy(15, 101)])).last;
    assert.deepEqual(reportsOf(outcome), [
      "4 NEW NEW 0/15",
      "1 TRADE FILLED 10/10",
      "4 TRADE PARTIALLY_FILLED 10/15",
      "2 TRADE PARTIALLY_FILLED 5/20",
      "4 TRADE FILLED 15/15",
    ]);
  });

  it("tells of a trade who bought, who rested, and an id that follows from its place", () => {
    const { outcome } = play(streamOf(...bids, [TAKER, sell(12, 99)])).last;
    assert.deepEqual(outcome.trades, [
      {
        tradeId: 4_000,
        price: "10000000000",
        quantity: "10000",
        quoteQuantity: "1000000",
        makerOrderId: 1,
        takerOrderId: 4,
        makerAccountId: MAKER,
        takerAccountId: TAKER,
        buyerIsMaker: true,
      },
      {
        tradeId: 4_001,
        price: "9900000000",
        quantity: "2000",
        quoteQuantity: "198000",
        makerOrderId: 2,
        takerOrderId: 4,
        makerAccountId: MAKER,
        takerAccountId: TAKER,
        buyerIsMaker: true,
      },
    ]);
    const [, maker, taker] = outcome.reports;
    assert.deepInclude(maker, { lastQty: "10000", lastPrice: "10000000000", tradeId: 4_000, isMaker: true });
    assert.deepInclude(taker, { cummulativeQuoteQty: "1000000", tradeId: 4_000, isMaker: false });
  });

  it("keeps an order's place in the queue through a partial fill", () => {
    const { outcome } = play(streamOf(...asks, [TAKER, buy(15, 101)], [TAKER, buy(20, 101)])).last;
    assert.deepEqual(fillsOf(outcome), ["2: 15 @ 101", "3: 5 @ 101"]);
  });

  it("takes time from the command, and remembers when an order came", () => {
    const { outcome } = play(streamOf(...asks, [TAKER, buy(15, 101)])).last;
    assert.equal(outcome.time, 1_700_000_000_004);
    assert.deepEqual(
      outcome.reports.map((report) => report.orderTime - 1_700_000_000_000),
      [4, 1, 4, 2, 4],
    );
  });

  it("lets an account trade with itself", () => {
    const { outcome } = play(streamOf([MAKER, sell(1, 100)], [MAKER, buy(1, 100)])).last;
    assert.deepEqual(fillsOf(outcome), ["1: 1 @ 100"]);
  });

  describe("a cancel", () => {
    it("takes the order out, wherever it stands in its queue", () => {
      for (const orderId of [1, 2, 3]) {
        const queue = [10, 20, 30].map((n): readonly [AccountId, Command] => [MAKER, sell(n, 100)]);
        const { market, last } = play(streamOf(...queue, [MAKER, cancel(orderId)]));
        assert.deepEqual(reportsOf(last.outcome), [`${orderId} CANCELED CANCELED 0/${orderId * 10}`]);
        assert.deepEqual(levelsOf(last.outcome), [`SELL ${60 - orderId * 10} @ 100`]);
        assert.deepEqual(
          [...market.book.ordersOf("SELL")].map((order) => order.orderId),
          [1, 2, 3].filter((id) => id !== orderId),
        );
      }
    });

    it("tells that a level is gone", () => {
      const { market, last } = play(streamOf(...asks, [MAKER, cancel(1)]));
      assert.deepEqual(levelsOf(last.outcome), ["SELL 0 @ 100"]);
      assert.equal([...market.book.levelsOf("SELL")].length, 1);
    });

    const refused: readonly (readonly [string, (typeof asks)[number][]])[] = [
      ["never was there", [[MAKER, cancel(9)]]],
      [
        "was cancelled before",
        [
          [MAKER, cancel(1)],
          [MAKER, cancel(1)],
        ],
      ],
      [
        "was filled",
        [
          [TAKER, buy(10, 100)],
          [MAKER, cancel(1)],
        ],
      ],
      ["belongs to somebody else", [[TAKER, cancel(1)]]],
    ];
    for (const [reason, commands] of refused)
      it(`is refused when the order ${reason}`, () => {
        const { outcome, postings, orders } = play(streamOf(...asks, ...commands)).last;
        assert.deepEqual(outcome.error, { code: -2011, msg: "Unknown order sent." });
        assert.deepEqual([outcome.reports, outcome.levels, postings, orders], [[], [], [], []]);
      });
  });

  it("refuses a LIMIT_MAKER that would take with Binance's code", () => {
    const { outcome } = play(streamOf(...asks, [TAKER, limitMaker("BUY", steps(1), "100")])).last;
    assert.deepEqual(outcome.error, { code: -2010, msg: "Order would immediately match and take." });
    assert.deepEqual(reportsOf(outcome), ["4 REJECTED REJECTED 0/1"]);
  });

  describe("at the limit of fills of one command", () => {
    const crowd = (count: number) =>
      Array.from({ length: count }, (): readonly [AccountId, Command] => [MAKER, sell(1, 100)]);
    const more = MAX_FILLS + 1;

    it("expires what would still take, for resting there would cross the book", () => {
      const { market, last } = play(streamOf(...crowd(more), [TAKER, buy(more + 5, 100)]));
      assert.lengthOf(last.outcome.trades, MAX_FILLS);
      assert.equal(reportsOf(last.outcome).at(-1), `${more + 1} EXPIRED EXPIRED ${MAX_FILLS}/${more + 5}`);
      assert.deepEqual([...market.book.ordersOf("BUY")], []);
      assert.equal(market.book.openOrders, 1);
    });

    it("rests with the remainder when nothing is left to take", () => {
      const { last } = play(streamOf(...crowd(MAX_FILLS), [TAKER, buy(MAX_FILLS + 5, 100)]));
      assert.equal(
        reportsOf(last.outcome).at(-1),
        `${more} TRADE PARTIALLY_FILLED ${MAX_FILLS}/${MAX_FILLS + 5}`,
      );
      assert.deepEqual(levelsOf(last.outcome), ["SELL 0 @ 100", "BUY 5 @ 100"]);
    });

    it("does not fill a FOK that needs more", () => {
      const { last } = play(streamOf(...crowd(more), [TAKER, buy(more, 100, "FOK")]));
      assert.equal(reportsOf(last.outcome).at(-1), `${more + 1} EXPIRED EXPIRED 0/${more}`);
    });
  });

  describe("stops at what no accepted command can be", () => {
    const held = (command: Command, amount: bigint, asset: string): Command =>
      command.kind === "place" ? { ...command, hold: { asset, amount } } : command;
    const wrong: readonly (readonly [string, number, Command, RegExp])[] = [
      ["a gap in seq", 2, buy(1, 100), /wants command 1 next/],
      ["a deposit", 1, { kind: "deposit", asset: "BTC", amount: 1n }, /belongs in the wallet stream/],
      [
        "a hold that does not cover",
        1,
        held(buy(1, 100), 99_999n, "USDT"),
        /99999 USDT are on hold .* 100000 USDT/,
      ],
      [
        "a hold of the wrong asset",
        1,
        held(sell(1, 100), 1_000n, "USDT"),
        /1000 USDT are on hold .* 1000 BTC/,
      ],
      ["a price above the highest", 1, buy(1, 1_000_001), /has the price 100000100000000/],
      ["a quantity above the most", 1, limit("SELL", "90000.00001", "100"), /has the quantity 9000000001000/],
      ["a limit order without a price", 1, { ...buy(1, 100), price: null } as Command, /has the price null/],
      [
        "a market buy without a budget",
        1,
        { ...marketBuy(null, "1"), quoteBudget: null },
        /has the quote budget null/,
      ],
      ["a sell without a quantity", 1, { ...marketSell(steps(1)), quantity: null }, /has the quantity null/],
    ];
    for (const [what, seq, command, message] of wrong)
      it(what, () => {
        const { book } = emptyMarket();
        assert.throws(() => book.apply(accepted(seq, 1, command)), BookViolated, message);
        assert.equal(book.appliedSeq, 0);
      });
  });
});
