import type { AccountId, Command } from "@castle/services/kernel/domain/command.ts";
import { MAX_FILLS } from "@castle/services/kernel/domain/outcome.ts";
import { BookViolated, OrderBook } from "@castle/services/matching-engine/book/order-book.ts";
import { assert } from "chai";
import {
  accepted,
  btcusdt,
  cancel,
  limit,
  limitMaker,
  marketBuy,
  marketSell,
  streamOf,
} from "./support/orders.ts";
import { emptyMarket, fillsOf, levelsOf, play, reportsOf } from "./support/play.ts";

const MAKER = 1;
const TAKER = 2;
const steps = (n: number): string => `0.${String(n).padStart(5, "0")}`;
const buy = (n: number, price: number, ...more: [("GTC" | "IOC" | "FOK")?]) =>
  limit("BUY", steps(n), `${price}`, ...more);
const sell = (n: number, price: number, ...more: [("GTC" | "IOC" | "FOK")?]) =>
  limit("SELL", steps(n), `${price}`, ...more);

/** Sells of 10, 20 and 30 steps at 100, 101 and 101: the orders 1, 2 and 3. */
const asks: readonly (readonly [AccountId, Command])[] = [
  [MAKER, sell(10, 100)],
  [MAKER, sell(20, 101)],
  [MAKER, sell(30, 101)],
];
/** Buys of 10, 20 and 30 steps at 100, 99 and 99: the orders 1, 2 and 3. */
const bids: readonly (readonly [AccountId, Command])[] = [
  [MAKER, buy(10, 100)],
  [MAKER, buy(20, 99)],
  [MAKER, buy(30, 99)],
];

interface Case {
  readonly claim: string;
  readonly before: typeof asks;
  readonly order: Command;
  readonly fills: readonly string[];
  /** The taker's last report. */
  readonly ends: string;
  readonly levels: readonly string[];
}

const cases: readonly Case[] = [
  {
    claim: "rests when nothing crosses",
    before: asks,
    order: buy(5, 99),
    fills: [],
    ends: "4 NEW NEW 0/5",
    levels: ["BUY 5 @ 99"],
  },
  {
    claim: "trades at the resting price, not at its own",
    before: asks,
    order: buy(4, 105),
    fills: ["1: 4 @ 100"],
    ends: "4 TRADE FILLED 4/4",
    levels: ["SELL 6 @ 100"],
  },
  {
    claim: "takes the best price first, then the oldest at a price",
    before: asks,
    order: buy(35, 101),
    fills: ["1: 10 @ 100", "2: 20 @ 101", "3: 5 @ 101"],
    ends: "4 TRADE FILLED 35/35",
    levels: ["SELL 0 @ 100", "SELL 25 @ 101"],
  },
  {
    claim: "sells into the highest bid first, then the oldest",
    before: bids,
    order: sell(35, 99),
    fills: ["1: 10 @ 100", "2: 20 @ 99", "3: 5 @ 99"],
    ends: "4 TRADE FILLED 35/35",
    levels: ["BUY 0 @ 100", "BUY 25 @ 99"],
  },
  {
    claim: "rests with what its limit leaves",
    before: asks,
    order: buy(15, 100),
    fills: ["1: 10 @ 100"],
    ends: "4 TRADE PARTIALLY_FILLED 10/15",
    levels: ["SELL 0 @ 100", "BUY 5 @ 100"],
  },
  {
    claim: "IOC: what is not filled at once expires",
    before: asks,
    order: buy(15, 100, "IOC"),
    fills: ["1: 10 @ 100"],
    ends: "4 EXPIRED EXPIRED 10/15",
    levels: ["SELL 0 @ 100"],
  },
  {
    claim: "IOC: expires whole when nothing crosses",
    before: asks,
    order: buy(15, 99, "IOC"),
    fills: [],
    ends: "4 EXPIRED EXPIRED 0/15",
    levels: [],
  },
  {
    claim: "FOK: fills whole across prices",
    before: asks,
    order: buy(60, 101, "FOK"),
    fills: ["1: 10 @ 100", "2: 20 @ 101", "3: 30 @ 101"],
    ends: "4 TRADE FILLED 60/60",
    levels: ["SELL 0 @ 100", "SELL 0 @ 101"],
  },
  {
    claim: "FOK: one step too much, and nothing trades",
    before: asks,
    order: buy(61, 101, "FOK"),
    fills: [],
    ends: "4 EXPIRED EXPIRED 0/61",
    levels: [],
  },
  {
    claim: "FOK: enough stands in the book, but not at its price",
    before: asks,
    order: buy(11, 100, "FOK"),
    fills: [],
    ends: "4 EXPIRED EXPIRED 0/11",
    levels: [],
  },
  {
    claim: "LIMIT_MAKER: rests when it does not take",
    before: asks,
    order: limitMaker("BUY", steps(5), "99.99"),
    fills: [],
    ends: "4 NEW NEW 0/5",
    levels: ["BUY 5 @ 99.99"],
  },
  {
    claim: "LIMIT_MAKER: is rejected when it would take",
    before: asks,
    order: limitMaker("BUY", steps(5), "100"),
    fills: [],
    ends: "4 REJECTED REJECTED 0/5",
    levels: [],
  },
  {
    claim: "MARKET buy: fills its quantity within its budget",
    before: asks,
    order: marketBuy(steps(12), "1"),
    fills: ["1: 10 @ 100", "2: 2 @ 101"],
    ends: "4 TRADE FILLED 12/12",
    levels: ["SELL 0 @ 100", "SELL 48 @ 101"],
  },
  {
    // 10 steps cost 0.01; the 0.002525 left would buy 2.5 steps at 101.
    claim: "MARKET buy: its budget buys whole steps only, the rest expires",
    before: asks,
    order: marketBuy(steps(20), "0.012525"),
    fills: ["1: 10 @ 100", "2: 2 @ 101"],
    ends: "4 EXPIRED EXPIRED 12/20",
    levels: ["SELL 0 @ 100", "SELL 48 @ 101"],
  },
  {
    claim: "MARKET buy: what the book cannot give expires",
    before: asks,
    order: marketBuy(steps(70), "1"),
    fills: ["1: 10 @ 100", "2: 20 @ 101", "3: 30 @ 101"],
    ends: "4 EXPIRED EXPIRED 60/70",
    levels: ["SELL 0 @ 100", "SELL 0 @ 101"],
  },
  {
    claim: "MARKET buy by budget: spends what whole steps allow, and is filled",
    before: asks,
    order: marketBuy(null, "0.012525"),
    fills: ["1: 10 @ 100", "2: 2 @ 101"],
    ends: "4 TRADE FILLED 12/12",
    levels: ["SELL 0 @ 100", "SELL 48 @ 101"],
  },
  {
    claim: "MARKET buy by budget: is filled when the budget ends with a level",
    before: asks,
    order: marketBuy(null, "0.01"),
    fills: ["1: 10 @ 100"],
    ends: "4 TRADE FILLED 10/10",
    levels: ["SELL 0 @ 100"],
  },
  {
    // 10 steps at 100 and 50 at 101.
    claim: "MARKET buy by budget: is filled when the budget ends with the book",
    before: asks,
    order: marketBuy(null, "0.0605"),
    fills: ["1: 10 @ 100", "2: 20 @ 101", "3: 30 @ 101"],
    ends: "4 TRADE FILLED 60/60",
    levels: ["SELL 0 @ 100", "SELL 0 @ 101"],
  },
  {
    claim: "MARKET buy by budget: expires when the book ends before the budget",
    before: asks,
    order: marketBuy(null, "1"),
    fills: ["1: 10 @ 100", "2: 20 @ 101", "3: 30 @ 101"],
    ends: "4 EXPIRED EXPIRED 60/60",
    levels: ["SELL 0 @ 100", "SELL 0 @ 101"],
  },
  {
    claim: "MARKET buy by budget: expires when it cannot buy one step",
    before: asks,
    order: marketBuy(null, "0.00099999"),
    fills: [],
    ends: "4 EXPIRED EXPIRED 0/0",
    levels: [],
  },
  {
    claim: "MARKET sell: takes every bid it needs",
    before: bids,
    order: marketSell(steps(11)),
    fills: ["1: 10 @ 100", "2: 1 @ 99"],
    ends: "4 TRADE FILLED 11/11",
    levels: ["BUY 0 @ 100", "BUY 49 @ 99"],
  },
  {
    claim: "MARKET sell: expires in an empty book",
    before: asks,
    order: marketSell(steps(11)),
    fills: [],
    ends: "4 EXPIRED EXPIRED 0/11",
    levels: [],
  },
];

describe("the order book", () => {
  describe("an arriving order", () => {
    for (const { claim, before, order, fills, ends, levels } of cases)
      it(claim, () => {
        const { outcome } = play(streamOf(...before, [TAKER, order])).last;
        assert.deepEqual(fillsOf(outcome), fills);
        assert.equal(reportsOf(outcome).at(-1), ends);
        assert.deepEqual(levelsOf(outcome), levels);
      });
  });

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

    it("orders out of order in what it restores", () => {
      const orders = [...play(streamOf(...asks)).market.book.ordersOf("SELL")];
      assert.throws(
        () => OrderBook.restore(btcusdt, 3, orders.reverse()),
        BookViolated,
        /order 2 .* after order 3/,
      );
    });

    it("a closed order in what it restores", () => {
      const [closed] = play(streamOf(...asks, [MAKER, cancel(1)])).last.orders;
      assert.throws(
        () => OrderBook.restore(btcusdt, 4, closed ? [closed] : []),
        BookViolated,
        /order 1 \(CANCELED/,
      );
    });
  });
});
