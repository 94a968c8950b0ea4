import { dueAfter } from "@castle/lab/traders/open-loop.ts";
import { expect } from "chai";

/** Slots due within a stretch of milliseconds. */
const dueBetween = (from: number, to: number, perSecond: number, rampMs: number): number => {
  let count = 0;
  for (let n = 0; dueAfter(n, perSecond, rampMs) < to; n++)
    if (dueAfter(n, perSecond, rampMs) >= from) count++;
  return count;
};

describe("when the requests of an open loop are due", () => {
  it("is at even distances from the first on", () =>
    expect([0, 1, 2, 500].map((n) => dueAfter(n, 500, 0))).to.deep.equal([0, 2, 4, 1_000]));

  it("comes nearer while the rate rises, from a fifth of it on, and then at even distances", () => {
    expect(dueAfter(0, 500, 3_000)).to.equal(0);
    expect(dueBetween(0, 100, 500, 3_000)).to.be.within(10, 12);
    expect(dueBetween(1_450, 1_550, 500, 3_000)).to.be.within(29, 31);
    expect(dueBetween(3_000, 4_000, 500, 3_000)).to.equal(500);
    expect(dueBetween(9_000, 10_000, 500, 3_000)).to.equal(500);
  });

  it("never jumps where the rate has risen", () => {
    for (let n = 0; n < 3_000; n++)
      expect(dueAfter(n + 1, 500, 3_000) - dueAfter(n, 500, 3_000), `${n}`).to.be.within(1.999, 10);
  });
});
