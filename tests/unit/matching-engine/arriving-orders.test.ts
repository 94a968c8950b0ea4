import type { Command } from "@castle/services/kernel/domain/command.ts";
import { assert } from "chai";
import { asks, bids, buy, sell, steps, TAKER } from "./support/books.ts";
import { limitMaker, marketBuy, marketSell, streamOf } from "./support/orders.ts";
import { fillsOf, levelsOf, play, reportsOf } from "./support/play.ts";

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

describe("an order that arrives at the book", () => {
  for (const { claim, before, order, fills, ends, levels } of cases)
    it(claim, () => {
      const { outcome } = play(streamOf(...before, [TAKER, order])).last;
      assert.deepEqual(fillsOf(outcome), fills);
      assert.equal(reportsOf(outcome).at(-1), ends);
      assert.deepEqual(levelsOf(outcome), levels);
    });
});
