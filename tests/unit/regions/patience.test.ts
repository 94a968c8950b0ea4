import { milliseconds } from "@castle/regions/duration.ts";
import { Patience } from "@castle/regions/patience.ts";
import { expect } from "chai";
import fc from "fast-check";

const at = (reached: number) => ({ reached, words: `at ${reached}` });

describe("patience", () => {
  it("ends after its limit without a reading, and not before", () => {
    let now = 5;
    const patience = new Patience(milliseconds(100), () => now);
    now = 104;
    expect(patience.isOver).to.equal(false);
    now = 105;
    expect(patience.isOver).to.equal(true);
  });

  it("begins anew with each reading that is further than all before", () => {
    let now = 0;
    const patience = new Patience(milliseconds(100), () => now);
    patience.read(at(1));
    now = 90;
    expect(patience.read(at(2))).to.equal(true);
    now = 180;
    expect(patience.leftMs).to.equal(10);
  });

  it("does not take the first reading for a movement: it only tells where it stands", () => {
    let now = 0;
    const patience = new Patience(milliseconds(100), () => now);
    now = 90;
    expect(patience.read(at(7))).to.equal(false);
    now = 100;
    expect(patience.isOver).to.equal(true);
  });

  it("is over, whatever is read, once the furthest reading is as old as the limit", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ after: fc.nat(40), reached: fc.integer() })), (readings) => {
        let now = 0;
        let movedAt = 0;
        let furthest: number | null = null;
        const patience = new Patience(milliseconds(100), () => now);
        for (const { after, reached } of readings) {
          now += after;
          patience.read(at(reached));
          if (furthest !== null && reached > furthest) movedAt = now;
          furthest = furthest === null ? reached : Math.max(furthest, reached);
          expect(patience.isOver).to.equal(now - movedAt >= 100);
        }
      }),
    );
  });
});
