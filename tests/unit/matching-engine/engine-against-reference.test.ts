import { isOpen, type Order } from "@castle/services/matching-engine/book/order.ts";
import { OrderBook } from "@castle/services/matching-engine/book/order-book.ts";
import { ReferenceEngine } from "@castle/services/matching-engine/reference/reference-engine.ts";
import { balanceDeltas } from "@castle/services/matching-engine/settlement/balance-delta.ts";
import { Market } from "@castle/services/matching-engine/stream/market.ts";
import { assert } from "chai";
import fc from "fast-check";
import { btcusdt } from "./support/orders.ts";
import { randomStream } from "./support/random-stream.ts";

const emptyMarket = () => new Market(OrderBook.empty(btcusdt));

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
          assert.deepEqual(balanceDeltas(applied.postings), expected.deltas);
        }
      }),
      { numRuns: 500 },
    );
  });
});
