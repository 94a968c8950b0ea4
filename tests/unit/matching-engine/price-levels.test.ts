import { PriceLevels } from "@castle/services/matching-engine/book/price-levels.ts";
import { assert } from "chai";
import fc from "fast-check";

type Side = "BUY" | "SELL";

/** Adds or deletes `count` prices from `from` on, every `stride`-th, rising, falling or in no order. */
interface Run {
  readonly adds: boolean;
  readonly from: number;
  readonly stride: number;
  readonly count: number;
  readonly order: "rising" | "falling" | "shuffled";
}

const run = fc.record<Run>({
  adds: fc.boolean(),
  from: fc.integer({ min: 1, max: 6_000 }),
  stride: fc.integer({ min: 1, max: 7 }),
  count: fc.integer({ min: 1, max: 3_000 }),
  order: fc.constantFrom("rising", "falling", "shuffled"),
});

function pricesOf({ from, stride, count, order }: Run): bigint[] {
  const rising = Array.from({ length: count }, (_, at) => BigInt(from + at * stride));
  if (order === "rising") return rising;
  if (order === "falling") return rising.reverse();
  // 7,919 is a prime above every count: each place comes up once.
  return rising.map((_, at) => rising[(at * 7_919) % count] as bigint);
}

const bestFirst = (side: Side, prices: Iterable<bigint>): bigint[] =>
  [...prices].sort((a, b) => (a < b ? -1 : 1) * (side === "BUY" ? -1 : 1));

const pricesIn = (levels: PriceLevels): bigint[] => [...levels.bestFirst()].map(({ price }) => price);

describe("the price levels of a side", () => {
  for (const side of ["BUY", "SELL"] as const) {
    it(`of ${side} orders are those of a sorted list, whatever comes and goes`, () => {
      fc.assert(
        fc.property(fc.array(run, { minLength: 1, maxLength: 12 }), (runs) => {
          const levels = new PriceLevels(side);
          const expected = new Set<bigint>();
          for (const one of runs) {
            for (const price of pricesOf(one)) {
              if (one.adds) levels.at(price);
              else if (expected.has(price)) levels.delete(levels.at(price));
              if (one.adds) expected.add(price);
              else expected.delete(price);
            }
            const sorted = bestFirst(side, expected);
            assert.deepEqual(pricesIn(levels), sorted);
            assert.equal(levels.best?.price, sorted[0]);
          }
        }),
        { numRuns: 25 },
      );
    });

    it(`of ${side} orders have the best at hand after every single change`, () => {
      const change = fc.record({ price: fc.bigInt(1n, 300n), adds: fc.boolean() });
      fc.assert(
        fc.property(fc.array(change, { maxLength: 800, size: "max" }), (changes) => {
          const levels = new PriceLevels(side);
          const expected = new Set<bigint>();
          for (const { price, adds } of changes) {
            if (adds) levels.at(price);
            else if (expected.has(price)) levels.delete(levels.at(price));
            if (adds) expected.add(price);
            else expected.delete(price);
            assert.equal(levels.best?.price, bestFirst(side, expected)[0]);
          }
        }),
        { numRuns: 20 },
      );
    });
  }

  it("stay the same objects, wherever the tree moves them", () => {
    const levels = new PriceLevels("SELL");
    const before = Array.from({ length: 10_000 }, (_, at) => levels.at(BigInt(1 + ((at * 7_919) % 10_000))));
    for (const level of before) assert.strictEqual(levels.at(level.price), level);
    for (const level of before.slice(0, 9_000)) levels.delete(level);
    for (const level of before.slice(9_000)) assert.strictEqual(levels.at(level.price), level);
  });

  it("are all gone when all are deleted, and new ones can come", () => {
    const levels = new PriceLevels("BUY");
    const all = Array.from({ length: 10_000 }, (_, at) => levels.at(BigInt(at + 1)));
    for (const level of all) levels.delete(level);
    assert.isUndefined(levels.best);
    assert.deepEqual(pricesIn(levels), []);
    levels.at(5n);
    levels.at(7n);
    assert.deepEqual(pricesIn(levels), [7n, 5n]);
  });

  it("tell the highest prices apart", () => {
    const levels = new PriceLevels("SELL");
    const highest = 2n ** 53n - 1n;
    for (const price of [highest, highest - 1n, highest - 2n]) levels.at(price);
    assert.deepEqual(pricesIn(levels), [highest - 2n, highest - 1n, highest]);
  });
});
