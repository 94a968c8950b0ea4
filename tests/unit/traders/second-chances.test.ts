import { OwnOrders } from "@castle/lab/traders/own-orders.ts";
import { backoff, SecondChances } from "@castle/lab/traders/second-chances.ts";
import { expect } from "chai";

describe("second attempts", () => {
  it("come one after the other at the rate, however many wait", async () => {
    const chances = new SecondChances(100);
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: 20 }, () => chances.turn(0)));
    const took = performance.now() - startedAt;
    chances.close();
    expect(took).to.be.greaterThan(150); // 20 at 100 a second
  });

  it("wait out their own delay first", async () => {
    const chances = new SecondChances(10_000);
    const startedAt = performance.now();
    await chances.turn(80);
    chances.close();
    expect(performance.now() - startedAt).to.be.greaterThan(79);
  });

  it("come at another rate from the moment that it changes", async () => {
    const chances = new SecondChances(0.001);
    const granted = chances.turn(0);
    chances.rate = 1_000;
    await granted; // at the first rate this would take a quarter of an hour
    chances.close();
  });

  const waits: readonly [number, number, number][] = [
    [0, 0, 50],
    [0, 1, 100],
    [1, 0, 100],
    [3, 1, 800],
    [9, 1, 1_000],
    [9, 0, 500],
  ];
  for (const [attempt, chance, ms] of waits)
    it(`wait ${ms} ms before attempt ${attempt} by chance ${chance}`, () => {
      expect(backoff(attempt, 100, 1_000, chance)).to.equal(ms);
    });
});

describe("what traders know of their own orders", () => {
  const placed = (): OwnOrders => {
    const own = new OwnOrders();
    own.placed("a");
    return own;
  };

  it("lets them cancel one that is there and open", () => {
    const own = placed();
    own.told("a", "PARTIALLY_FILLED");
    expect(own.takeToCancel("a")).to.equal(true);
  });

  it("keeps them from cancelling what was never confirmed, or is closed", () => {
    expect(placed().takeToCancel("a")).to.equal(false);
    const own = placed();
    own.told("a", "FILLED");
    expect(own.takeToCancel("a")).to.equal(false);
  });

  it("does not open again what was told as closed, should an older message come late", () => {
    const own = placed();
    own.told("a", "FILLED");
    own.told("a", "NEW");
    expect(own.takeToCancel("a")).to.equal(false);
  });

  it("gives every order one turn", () => {
    const own = placed();
    own.told("a", null);
    expect([own.takeToCancel("a"), own.takeToCancel("a")]).to.deep.equal([true, false]);
  });
});
