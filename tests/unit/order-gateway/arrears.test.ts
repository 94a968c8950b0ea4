import { Arrears } from "@castle/services/order-gateway/authority/arrears.ts";
import { expect } from "chai";

describe("what the peer's journal lacks", () => {
  it("is nothing while everything that was offered arrives, however long nothing was offered before", () => {
    const arrears = new Arrears();
    arrears.offered("S", 1, 0, 10);
    arrears.reached("S", 1, 20);
    arrears.offered("S", 2, 1, 5_000);
    expect(arrears.forMs(5_010)).to.equal(10);
    arrears.reached("S", 2, 5_020);
    expect(arrears.forMs(9_000)).to.equal(0);
  });

  it("counts from the first that did not arrive, whatever is offered after it", () => {
    const arrears = new Arrears();
    arrears.offered("S", 1, 0, 10);
    arrears.offered("S", 2, 0, 900);
    expect(arrears.forMs(1_010)).to.equal(1_000);
  });

  it("counts from the last progress while some of it arrives", () => {
    const arrears = new Arrears();
    arrears.offered("S", 9, 0, 0);
    arrears.reached("S", 4, 700);
    expect(arrears.forMs(1_000)).to.equal(300);
  });

  it("is as old as in the worst stream: one that is refused is not hidden by those that are taken", () => {
    const arrears = new Arrears();
    arrears.offered("refused", 1, 0, 0);
    for (let at = 1; at <= 1_000; at += 100) {
      arrears.offered("taken", at, at - 1, at);
      arrears.reached("taken", at, at + 50);
    }
    expect(arrears.forMs(1_000)).to.equal(1_000);
  });

  it("leaves out what the peer is known to hold already", () => {
    const arrears = new Arrears();
    arrears.offered("S", 3, 3, 0);
    expect(arrears.forMs(1_000)).to.equal(0);
  });
});
