import { Marks } from "@castle/services/order-gateway/acceptance/marks.ts";
import { expect } from "chai";

describe("marks", () => {
  it("tell who waits as soon as the mark reaches them, and nobody before", async () => {
    const marks = new Marks();
    const told: number[] = [];
    const waits = [3, 1, 2].map((seq) => marks.reached("S", seq, 10_000).then((ok) => ok && told.push(seq)));
    marks.advance("S", 2);
    await Promise.all(waits.slice(1));
    expect(told.sort()).to.deep.equal([1, 2]);
    marks.advance("S", 3);
    await Promise.all(waits);
    expect(told).to.have.length(3);
  });

  it("never go back", () => {
    const marks = new Marks();
    marks.advance("S", 5);
    marks.advance("S", 4);
    expect(marks.of("S")).to.equal(5);
  });

  it("say no to who has waited too long, and to all who still wait when the epoch is over", async () => {
    const marks = new Marks();
    expect(await marks.reached("S", 1, 1)).to.equal(false);
    const waiting = marks.reached("S", 1, 10_000);
    marks.abandon();
    expect(await waiting).to.equal(false);
  });

  it("keep streams apart", async () => {
    const marks = new Marks();
    marks.advance("S", 5);
    expect(await marks.reached("T", 1, 1)).to.equal(false);
    expect(await marks.reached("S", 5, 1)).to.equal(true);
  });
});
