import { FIRST_ENGINE_LEG, type Posting } from "@castle/services/kernel/database/postings.ts";
import {
  type BalanceDelta,
  balanceDeltas,
} from "@castle/services/matching-engine/settlement/balance-delta.ts";
import type { Applied } from "@castle/services/matching-engine/stream/applied.ts";
import { assert } from "chai";
import fc from "fast-check";
import { accepted, amount, cancel, limit, limitMaker, marketBuy, streamOf } from "./support/orders.ts";
import { emptyMarket, play } from "./support/play.ts";
import { randomStream } from "./support/random-stream.ts";

const SELLER = 1;
const BUYER = 2;

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, one) => total + one, 0n);
const delta = (accountId: number, asset: string, free: string, locked: string): BalanceDelta => {
  const signed = (text: string) => (text.startsWith("-") ? -amount(text.slice(1)) : amount(text));
  return { accountId, asset, free: signed(free), locked: signed(locked) };
};

/** What a command settles, without its hold. */
const settled = ({ postings }: Pick<Applied, "postings">): Posting[] =>
  postings.filter(({ leg }) => leg >= FIRST_ENGINE_LEG);

describe("settlement", () => {
  it("comes behind the hold of the order, which moves what it may cost from free to locked", () => {
    const { postings } = play(streamOf([BUYER, limit("BUY", "2", "100")])).last;
    const leg = { stream: "BTCUSDT", seq: 1, accountId: BUYER, asset: "USDT" } as const;
    assert.deepEqual(postings, [
      { ...leg, leg: 0, bucket: "free", amount: -amount("200") },
      { ...leg, leg: 1, bucket: "locked", amount: amount("200") },
    ]);
    const cancelled = play(streamOf([BUYER, limit("BUY", "2", "100")], [BUYER, cancel(1)])).last;
    assert.deepEqual(settled(cancelled), [...cancelled.postings], "a cancel holds nothing");
  });

  it("moves quote from the buyer's locked to the seller's free, and base the other way", () => {
    const { last } = play(streamOf([SELLER, limit("SELL", "2", "100")], [BUYER, limit("BUY", "2", "100")]));
    assert.deepEqual(
      settled(last).map((p) => [p.leg, p.accountId, p.asset, p.bucket, p.amount]),
      [
        [FIRST_ENGINE_LEG, BUYER, "USDT", "locked", -amount("200")],
        [FIRST_ENGINE_LEG + 1, SELLER, "USDT", "free", amount("200")],
        [FIRST_ENGINE_LEG + 2, SELLER, "BTC", "locked", -amount("2")],
        [FIRST_ENGINE_LEG + 3, BUYER, "BTC", "free", amount("2")],
      ],
    );
  });

  it("gives the buyer back what a better price saved, while the rest stays on hold", () => {
    const { last } = play(streamOf([SELLER, limit("SELL", "2", "100")], [BUYER, limit("BUY", "3", "110")]));
    assert.deepEqual(balanceDeltas(settled(last)), [
      delta(SELLER, "BTC", "0", "-2"),
      delta(SELLER, "USDT", "200", "0"),
      delta(BUYER, "BTC", "2", "0"),
      delta(BUYER, "USDT", "20", "-220"),
    ]);
    assert.equal(last.orders.at(-1)?.holdLeft, amount("110"));
  });

  it("gives back what a market buy did not spend of its budget", () => {
    const { last } = play(streamOf([SELLER, limit("SELL", "2", "100")], [BUYER, marketBuy("1", "150")]));
    assert.deepEqual(balanceDeltas(settled(last)).at(-1), delta(BUYER, "USDT", "50", "-150"));
  });

  it("gives back the whole hold of an order that is cancelled, expires or is rejected", () => {
    const ask = [SELLER, limit("SELL", "1", "100")] as const;
    const cancelled = streamOf([BUYER, limit("BUY", "1", "90")], [BUYER, cancel(1)]);
    const expired = streamOf(ask, [BUYER, limit("BUY", "1", "90", "IOC")]);
    const unfillable = streamOf(ask, [BUYER, limit("BUY", "0.9", "100")] as const, [
      BUYER,
      limit("BUY", "0.9", "100", "FOK"),
    ]);
    const rejected = streamOf(ask, [BUYER, limitMaker("BUY", "0.9", "100")]);
    for (const stream of [cancelled, expired, unfillable, rejected]) {
      const { last } = play(stream);
      const order = last.orders.at(-1);
      assert.equal(order?.holdLeft, 0n);
      assert.deepEqual(balanceDeltas(settled(last)), [delta(BUYER, "USDT", "90", "-90")]);
    }
  });

  it("gives back a hold that was larger than needed", () => {
    const generous = { ...limit("BUY", "1", "90"), hold: { asset: "USDT", amount: amount("95") } };
    const applied = emptyMarket().apply(accepted(1, BUYER, generous));
    assert.deepEqual(balanceDeltas(settled(applied)), [delta(BUYER, "USDT", "5", "-5")]);
    assert.equal(applied.orders.at(-1)?.holdLeft, amount("90"));
  });

  it("sums to zero per asset, in legs without a gap, for every command", () => {
    fc.assert(
      fc.property(randomStream, (stream) => {
        for (const applied of play(stream).all) {
          const { postings } = applied;
          for (const asset of ["BTC", "USDT"])
            assert.equal(sum(postings.filter((p) => p.asset === asset).map((p) => p.amount)), 0n);
          assert.deepEqual(
            settled(applied).map((p) => p.leg),
            settled(applied).map((_, at) => FIRST_ENGINE_LEG + at),
          );
          assert.isFalse(postings.some((p) => p.amount === 0n));
        }
      }),
      { numRuns: 200 },
    );
  });

  it("leaves locked, in the end, exactly what the open orders still need", () => {
    fc.assert(
      fc.property(randomStream, (stream) => {
        const { market, all } = play(stream);
        const locked = balanceDeltas(all.flatMap(({ postings }) => postings));
        const open = [...market.book.ordersOf("BUY"), ...market.book.ordersOf("SELL")];
        for (const accountId of [1, 2, 3, 4])
          for (const asset of ["BTC", "USDT"])
            assert.equal(
              sum(locked.filter((d) => d.accountId === accountId && d.asset === asset).map((d) => d.locked)),
              sum(
                open.filter((o) => o.accountId === accountId && o.holdAsset === asset).map((o) => o.holdLeft),
              ),
            );
      }),
      { numRuns: 200 },
    );
  });
});
