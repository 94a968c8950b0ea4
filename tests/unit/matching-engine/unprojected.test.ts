import type { AppliedCommand } from "@castle/services/matching-engine/application/applied-command.ts";
import { weightOf } from "@castle/services/matching-engine/application/applied-command.ts";
import { ClosedOrders } from "@castle/services/matching-engine/projection/closed-orders.ts";
import { type ChunkLimits, Unprojected } from "@castle/services/matching-engine/projection/unprojected.ts";
import { expect } from "chai";
import { amount, limit, marketBuy } from "./support/orders.ts";
import { BTC, ETH, intentOf, Trading } from "./support/trading.ts";

const PLENTY: ChunkLimits = { commands: 1_000, fills: 1_000, bytes: 10 ** 9 };
const byClientId = (origClientOrderId: string) =>
  ({ kind: "cancel-by-client-id", origClientOrderId }) as const;

describe("what is applied and not projected", () => {
  let trading: Trading;
  let unprojected: Unprojected;

  /** Everything that has been applied since the last call. */
  const take = (): AppliedCommand[] => {
    const taken = trading.applied.splice(0);
    for (const command of taken) unprojected.add(command);
    return taken;
  };
  const seqsOf = (chunk: readonly AppliedCommand[]): number[] => chunk.map(({ accepted }) => accepted.seq);

  beforeEach(() => {
    trading = new Trading();
    unprojected = new Unprojected();
    for (const account of [1, 2])
      for (const asset of ["BTC", "ETH", "USDT"]) trading.fund(account, asset, amount("100000"));
    trading.applied.length = 0;
  });

  /** So many orders, none of which meets another. */
  const rest = (count: number): void => {
    for (let n = 0; n < count; n += 1)
      trading.play(intentOf(`r${trading.lastSeq(BTC)}`, limit("BUY", "1", "1")));
  };
  /** Orders that fill `count` others each; what they fill is projected. */
  const sweeps = (orders: number, count: number): void => {
    for (let n = 0; n < orders * count; n += 1) {
      const ask = limit("SELL", "0.00001", "10");
      trading.play(intentOf(`s${trading.lastSeq(BTC)}`, ask, { accountId: 2 }));
    }
    take();
    unprojected.projected(unprojected.chunk(PLENTY));
    for (let n = 0; n < orders; n += 1)
      trading.play(intentOf(`b${n}`, limit("BUY", (count / 1e5).toFixed(5), "10")));
  };

  describe("is projected in chunks", () => {
    it("that begin with the oldest, of any stream, and hold no more commands than they may", () => {
      rest(3);
      trading.play(intentOf("e", limit("BUY", "1", "1"), { stream: ETH }));
      rest(2);
      take();
      const chunk = unprojected.chunk({ ...PLENTY, commands: 4 });
      expect(chunk.map(({ accepted }) => [accepted.stream, accepted.seq])).to.deep.equal([
        ...[1, 2, 3].map((seq) => [BTC, seq]),
        [ETH, 1],
      ]);
      unprojected.projected(chunk);
      expect(seqsOf(unprojected.chunk(PLENTY))).to.deep.equal([4, 5]);
    });

    it("that hold no more fills than they may", () => {
      sweeps(3, 30);
      const fills = take().map(({ applied }) => applied.outcome.trades.length);
      expect(fills).to.deep.equal([30, 30, 30]);
      expect(unprojected.chunk({ ...PLENTY, fills: 60 })).to.have.length(2);
      expect(unprojected.chunk({ ...PLENTY, fills: 59 })).to.have.length(1);
    });

    it("that hold no more bytes than they may", () => {
      rest(10);
      const taken = take();
      const bytes = taken.slice(0, 4).reduce((sum, command) => sum + weightOf(command), 0);
      expect(unprojected.chunk({ ...PLENTY, bytes })).to.have.length(4);
      expect(unprojected.chunk({ ...PLENTY, bytes: bytes - 1 })).to.have.length(3);
    });

    it("of one deep sweep, when that alone is more than they may hold", () => {
      sweeps(1, 50);
      rest(1);
      take();
      const chunk = unprojected.chunk({ commands: 10, fills: 20, bytes: 1 });
      expect(chunk).to.have.length(1);
      expect(chunk[0]?.applied.outcome.trades).to.have.length(50);
    });
  });

  it("leaves room for what its limits say, and is overloaded at half of it", () => {
    unprojected = new Unprojected({ commands: 10, bytes: 10 ** 9 });
    rest(5);
    take();
    expect([unprojected.hasRoom, unprojected.isOverloaded]).to.deep.equal([true, false]);
    rest(1);
    take();
    expect([unprojected.hasRoom, unprojected.isOverloaded]).to.deep.equal([true, true]);
    rest(4);
    take();
    expect([unprojected.hasRoom, unprojected.isOverloaded]).to.deep.equal([false, true]);
    unprojected.projected(unprojected.chunk({ ...PLENTY, commands: 5 }));
    expect([unprojected.hasRoom, unprojected.isOverloaded]).to.deep.equal([true, false]);
  });

  it("weighs its bytes, and nothing once all of it is projected", () => {
    rest(3);
    const taken = take();
    expect(unprojected.bytes).to.equal(taken.reduce((sum, command) => sum + weightOf(command), 0));
    unprojected.projected(unprojected.chunk(PLENTY));
    expect([unprojected.bytes, unprojected.size]).to.deep.equal([0, 0]);
  });

  it("is as late as its oldest command", () => {
    rest(2);
    const [oldest] = take();
    const at = oldest?.at ?? 0;
    expect(unprojected.lagMs(at + 70)).to.equal(70);
    unprojected.projected(unprojected.chunk({ ...PLENTY, commands: 2 }));
    expect(unprojected.lagMs(at + 70)).to.equal(0);
  });

  it("answers with the outcomes of a stream behind a place, in order, as long as they are not projected", () => {
    rest(4);
    const taken = take();
    expect(unprojected.outcome(BTC, 3)).to.equal(taken[2]?.outcome);
    expect(unprojected.outcomesAfter(BTC, 2)).to.deep.equal([taken[2]?.outcome, taken[3]?.outcome]);
    unprojected.projected(unprojected.chunk({ ...PLENTY, commands: 3 }));
    expect(unprojected.outcome(BTC, 3)).to.equal(undefined);
    expect(unprojected.outcomesAfter(BTC, 0)).to.deep.equal([taken[3]?.outcome]);
    expect(unprojected.outcomesAfter(ETH, 0)).to.deep.equal([]);
  });

  it("answers with an account's trades, from both sides", () => {
    trading.play(intentOf("ask", limit("SELL", "1", "10"), { accountId: 2 }));
    trading.play(intentOf("bid", limit("BUY", "0.5", "10")));
    const [, fill] = take();
    const trade = fill?.applied.outcome.trades[0];
    for (const account of [1, 2])
      expect(unprojected.tradesOf(BTC, account)).to.deep.equal([{ trade, time: fill?.accepted.acceptedAt }]);
    expect(unprojected.tradesOf(BTC, 3)).to.deep.equal([]);
    expect(unprojected.tradesOf(ETH, 1)).to.deep.equal([]);
  });

  it("answers whose an API key is that was opened just now", () => {
    const open = { kind: "open-account", apiKey: "k".repeat(32), sealedSecret: "sealed" } as const;
    trading.play(intentOf("open", open, { accountId: 9 }));
    take();
    expect(unprojected.account("k".repeat(32))).to.include({ accountId: 9, sealedSecret: "sealed" });
    unprojected.projected(unprojected.chunk(PLENTY));
    expect(unprojected.account("k".repeat(32))).to.equal(undefined);
  });
});

describe("orders that were closed lately", () => {
  let trading: Trading;
  let closed: ClosedOrders;

  const take = (): AppliedCommand[] => {
    const taken = trading.applied.splice(0);
    for (const command of taken) closed.add(command);
    return taken;
  };
  const idOf = (found: ReturnType<ClosedOrders["byId"]>) => found?.order.orderId;

  beforeEach(() => {
    trading = new Trading();
    closed = new ClosedOrders(2);
    for (const account of [1, 2])
      for (const asset of ["BTC", "ETH", "USDT"]) trading.fund(account, asset, amount("100000"));
    trading.applied.length = 0;
  });

  it("are found by number and by client order id, and open ones are not", () => {
    trading.play(intentOf("a", limit("BUY", "1", "1")));
    trading.play(intentOf("b", limit("BUY", "1", "2")));
    trading.play(intentOf("c", byClientId("a")));
    take();
    expect(closed.byId(BTC, 1)?.order).to.include({ orderId: 1, status: "CANCELED" });
    expect(idOf(closed.byClientId(BTC, 1, "a"))).to.equal(1);
    expect([closed.byId(BTC, 2), closed.byClientId(BTC, 1, "b")]).to.deep.equal([undefined, undefined]);
    expect([closed.byClientId(BTC, 2, "a"), closed.byClientId(ETH, 1, "a")]).to.deep.equal([
      ...[undefined, undefined],
    ]);
  });

  it("know the budget of a market buy by quote quantity, and no other's", () => {
    trading.play(intentOf("ask", limit("SELL", "1", "10"), { accountId: 2 }));
    trading.play(intentOf("buy", marketBuy(null, "10")));
    take();
    expect(closed.byClientId(BTC, 1, "buy")?.quoteBudget).to.equal(amount("10"));
    expect(closed.byClientId(BTC, 2, "ask")?.quoteBudget).to.equal(null);
  });

  it("are the newest under a client order id that was used again, market by market", () => {
    for (const stream of [BTC, BTC, ETH]) {
      trading.play(intentOf("again", limit("BUY", "1", "1"), { stream }));
      trading.play(intentOf(`c${trading.lastSeq(stream)}`, byClientId("again"), { stream }));
    }
    take();
    expect(idOf(closed.byClientId(BTC, 1, "again"))).to.equal(3);
    expect(idOf(closed.byClientId(ETH, 1, "again"))).to.equal(1);
    expect(idOf(closed.byId(BTC, 1))).to.equal(1);
  });

  it("are all kept until they are projected, and then the youngest", () => {
    for (let n = 0; n < 5; n += 1) trading.play(intentOf("same", limit("BUY", "1", "1", "IOC")));
    const taken = take();
    expect(closed.size).to.equal(5);
    for (const command of taken.slice(0, 2)) closed.projected(command);
    expect(closed.size).to.equal(3);
    expect([closed.byId(BTC, 2), idOf(closed.byId(BTC, 3))]).to.deep.equal([undefined, 3]);
    for (const command of taken.slice(2)) closed.projected(command);
    expect([closed.size, idOf(closed.byClientId(BTC, 1, "same"))]).to.deep.equal([2, 5]);
  });
});
