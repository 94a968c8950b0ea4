import type { Outcome } from "@castle/services/kernel/domain/outcome.ts";
import { DepthBatch, type DepthUpdate } from "@castle/services/market-data/events/depth-batch.ts";
import { expect } from "chai";
import fc from "fast-check";
import { outcomeOf } from "./support/outcomes.ts";

type Level = Outcome["levels"][number];

const bid = (price: string, quantity: string): Level => ({ side: "BUY", price, quantity });
const ask = (price: string, quantity: string): Level => ({ side: "SELL", price, quantity });

describe("a batch of depth", () => {
  it("tells the last quantity of each level that changed, zero where it is gone", () => {
    const batch = new DepthBatch("BTCUSDT", 5);
    batch.add(outcomeOf(6, { levels: [bid("100000000", "300000000"), ask("200000000", "1")] }));
    batch.add(outcomeOf(7, { levels: [bid("100000000", "0")] }));
    expect(batch.take(1_234)).to.deep.equal({
      e: "depthUpdate",
      E: 1_234,
      s: "BTCUSDT",
      U: 6,
      u: 7,
      b: [["1.00000000", "0.00000000"]],
      a: [["2.00000000", "0.00000001"]],
    });
  });

  it("is told also when commands passed and no level changed, so that ids stay contiguous", () => {
    const batch = new DepthBatch("BTCUSDT", 5);
    batch.add(outcomeOf(6));
    expect(batch.take(0)).to.include({ U: 6, u: 6 }).and.to.deep.include({ a: [], b: [] });
  });

  it("is not told when nothing came", () => {
    const batch = new DepthBatch("BTCUSDT", 5);
    expect(batch.take(0)).to.equal(null);
    batch.add(outcomeOf(6));
    batch.take(0);
    expect(batch.take(0)).to.equal(null);
  });

  it("refuses an outcome out of its order rather than to tell a wrong book", () => {
    expect(() => new DepthBatch("BTCUSDT", 5).add(outcomeOf(7))).to.throw("7 after 5");
  });

  it("leads to the same book however the commands are cut into batches", () => {
    const level = fc.record({
      side: fc.constantFrom("BUY" as const, "SELL" as const),
      price: fc.integer({ min: 1, max: 5 }).map((units) => String(units * 100_000_000)),
      quantity: fc.integer({ min: 0, max: 3 }).map(String),
    });
    const commands = fc.array(fc.record({ levels: fc.array(level, { maxLength: 3 }), cut: fc.boolean() }));
    fc.assert(
      fc.property(commands, (given) => {
        const batch = new DepthBatch("BTCUSDT", 0);
        const updates: DepthUpdate[] = [];
        const direct = new Map<string, string>();
        for (const [index, { levels, cut }] of given.entries()) {
          batch.add(outcomeOf(index + 1, { levels }));
          for (const { side, price, quantity } of levels)
            direct.set(`${side === "BUY" ? "b" : "a"}${Number(price) / 1e8}`, quantity);
          const update = cut ? batch.take(0) : null;
          if (update) updates.push(update);
        }
        const last = batch.take(0);
        if (last) updates.push(last);
        const applied = new Map<string, string>();
        let id = 0;
        for (const update of updates) {
          expect(update.U).to.equal(id + 1);
          id = update.u;
          for (const side of ["b", "a"] as const)
            for (const [price, quantity] of update[side])
              applied.set(side + Number(price), String(Math.round(Number(quantity) * 1e8)));
        }
        expect(id).to.equal(given.length);
        expect(applied).to.deep.equal(direct);
      }),
    );
  });
});
