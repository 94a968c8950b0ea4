import { NO_ROW } from "@castle/services/matching-engine/book/row.ts";
import { RowIndex } from "@castle/services/matching-engine/book/row-index.ts";
import { assert } from "chai";
import fc from "fast-check";

const HIGHEST_ID = Number.MAX_SAFE_INTEGER;
/** Ids near each other, as orders have them; ids in equal low bits, which fall together; any. */
const orderId = fc.oneof(
  fc.integer({ min: 1, max: 5_000 }),
  fc.integer({ min: 1, max: 5_000 }).map((n) => n * 65_536),
  fc.integer({ min: 1, max: HIGHEST_ID }),
);

describe("the index of rows by order id", () => {
  it("finds what a Map finds, whatever comes and goes", () => {
    const change = fc.record({ orderId, adds: fc.integer({ min: 0, max: 2 }).map((n) => n > 0) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 4_000, size: "max" }), (changes) => {
        const index = new RowIndex();
        const expected = new Map<number, number>();
        changes.forEach((one, row) => {
          if (expected.delete(one.orderId)) index.delete(one.orderId);
          else if (one.adds) {
            index.add(one.orderId, row);
            expected.set(one.orderId, row);
          }
          assert.equal(index.size, expected.size);
        });
        for (const { orderId: id } of changes) assert.equal(index.get(id), expected.get(id) ?? NO_ROW);
      }),
      { numRuns: 25 },
    );
  });

  it("loses nobody when what stood in the way leaves", () => {
    const index = new RowIndex();
    const ids = Array.from({ length: 1_000 }, (_, at) => (at + 1) * 65_536);
    ids.forEach((id, row) => {
      index.add(id, row);
    });
    ids.forEach((id, row) => {
      index.delete(id);
      assert.equal(index.get(id), NO_ROW);
      for (const [behind, later] of ids.slice(row + 1, row + 40).entries())
        assert.equal(index.get(later), row + 1 + behind);
    });
    assert.equal(index.size, 0);
  });

  for (const id of [0, -1, 1.5, Number.NaN])
    it(`has no row for ${id}, which is no order's id`, () => {
      const index = new RowIndex();
      index.add(1, 0);
      assert.equal(index.get(id), NO_ROW);
    });
});
