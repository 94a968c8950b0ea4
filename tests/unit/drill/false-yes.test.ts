import { weighed } from "@castle/lab/drill/false-yes.ts";
import { expect } from "chai";

const told = (orderId: number, t: number) => ({ t, kind: "place", symbol: "BTCUSDT", orderId }) as const;
const held = new Map([["BTCUSDT", 2]]);

describe("a yes that the peer does not stand behind", () => {
  it("is none when the peer holds all that was acknowledged while paired", () => {
    const { ok, found } = weighed([told(1, 10), told(2, 20), told(3, 31)], 30, held);
    expect([ok, found]).to.deep.equal([true, "0 of 2"]);
  });

  it("is found: one order acknowledged while paired that the peer lacks", () => {
    const { ok, found } = weighed([told(1, 10), told(3, 30)], 30, held);
    expect([ok, found]).to.deep.equal([false, "1 of 2"]);
  });

  it("is every one when the peer cannot be asked, or does not know the stream", () => {
    for (const nothing of [null, new Map<string, number>()])
      expect(weighed([told(1, 10), told(2, 20)], 30, nothing).found).to.equal("2 of 2");
  });

  it("is not ruled out when nothing was acknowledged", () =>
    expect(weighed([told(1, 40)], 30, held).ok).to.equal(false));
});
