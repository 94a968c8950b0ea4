import type { StreamId } from "@castle/services/kernel/domain/command.ts";
import type { Intent } from "@castle/services/kernel/domain/intent.ts";
import type { TradingState } from "@castle/services/matching-engine/state/trading-state.ts";
import { expect } from "chai";
import fc from "fast-check";
import { amount, cancel, limit } from "./support/orders.ts";
import { randomIntent } from "./support/random-intents.ts";
import { snapshot } from "./support/snapshot.ts";
import { BTC, intentOf, Trading } from "./support/trading.ts";

type Step = { readonly intent: Intent } | { readonly apply: StreamId } | { readonly withdraw: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: randomIntent.map((intent) => ({ intent })) },
  { weight: 5, arbitrary: fc.constantFrom("BTCUSDT", "ETHUSDT", "wallet").map((apply) => ({ apply })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 5 }).map((withdraw) => ({ withdraw })) },
);
const steps = fc.array(step, { maxLength: 80, size: "max" });

/** Accounts with money, in a state that then goes through what is drawn. @param then after each step that did something */
function play(drawn: readonly Step[], then: (state: TradingState) => void): Trading {
  const trading = new Trading();
  for (const account of [1, 2, 3])
    for (const asset of ["BTC", "ETH", "USDT"]) trading.fund(account, asset, amount("50"));
  const inFlight: ReturnType<Trading["sequence"]>[] = [];
  for (const one of drawn) {
    if ("intent" in one) {
      const accepted = trading.sequence(one.intent);
      if (accepted) inFlight.push(accepted);
    } else if ("apply" in one) {
      if (!trading.state.stream(one.apply).pending.next) continue;
      const { accepted } = trading.applyNext(one.apply);
      inFlight.splice(inFlight.indexOf(accepted), 1);
    } else
      for (let n = 0; n < one.withdraw; n += 1) {
        const last = inFlight.pop();
        if (last) trading.state.withdrawn(last);
      }
    then(trading.state);
  }
  return trading;
}

describe("the trading state", () => {
  it("is after a command is taken back what it was before it was sequenced", () => {
    fc.assert(
      fc.property(steps, fc.array(randomIntent, { minLength: 1, maxLength: 8 }), (drawn, intents) => {
        const trading = play(drawn, () => undefined);
        const before = snapshot(trading.state);
        const firstResults = intents.map((intent) => trading.state.firstResult(intent));
        const sequenced = intents.map((intent) => trading.sequence(intent));
        for (const accepted of sequenced.reverse()) if (accepted) trading.state.withdrawn(accepted);
        expect(snapshot(trading.state)).to.deep.equal(before);
        expect(intents.map((intent) => trading.state.firstResult(intent))).to.deep.equal(firstResults);
      }),
      { numRuns: 100 },
    );
  });

  it("never promises more than there is: what may be spent is never below zero, whatever is sequenced and applied", () => {
    fc.assert(
      fc.property(steps, (drawn) => {
        play(drawn, ({ ledger }) => {
          for (const account of [1, 2, 3])
            for (const asset of ["BTC", "ETH", "USDT"]) {
              const { free = 0n, locked = 0n } = ledger.balances(account).get(asset) ?? {};
              if (ledger.available(account, asset) < 0n || free < 0n || locked < 0n)
                expect.fail(`${asset} of ${account}: ${free} free, ${locked} locked`);
            }
        });
      }),
      { numRuns: 100 },
    );
  });

  it("conserves money, locks what open orders still need, and reserves nothing once all is applied", () => {
    fc.assert(
      fc.property(steps, (drawn) => {
        const trading = play(drawn, () => undefined);
        trading.applyAll();
        const { ledger, orders } = trading.state;
        for (const asset of ["BTC", "ETH", "USDT"]) {
          const total = [0, 1, 2, 3].reduce((sum, account) => {
            const { free = 0n, locked = 0n } = ledger.balances(account).get(asset) ?? {};
            return sum + free + locked;
          }, 0n);
          expect(total).to.equal(0n);
          for (const account of [1, 2, 3]) {
            const needed = [...orders.of(account)].reduce(
              (sum, { order }) => sum + (order?.holdAsset === asset ? order.holdLeft : 0n),
              0n,
            );
            const { free = 0n, locked = 0n } = ledger.balances(account).get(asset) ?? {};
            expect(locked).to.equal(needed);
            expect(ledger.available(account, asset)).to.equal(free);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it("knows exactly the open orders of its books, once all is applied", () => {
    fc.assert(
      fc.property(steps, (drawn) => {
        const { state } = play(drawn, () => undefined);
        for (const stream of ["BTCUSDT", "ETHUSDT"]) {
          while (state.stream(stream).pending.next) state.applyNext(stream);
          const book = state.market(stream)?.book;
          const resting = [...(book?.ordersOf("BUY") ?? []), ...(book?.ordersOf("SELL") ?? [])];
          const live = [1, 2, 3].flatMap((account) => [...state.orders.of(account)]);
          expect(live.filter((one) => one.stream === stream).map(({ order }) => order)).to.have.deep.members(
            resting,
          );
          for (const account of [1, 2, 3])
            expect(state.orders.count(account, stream)).to.equal(
              resting.filter(({ accountId }) => accountId === account).length,
            );
        }
      }),
      { numRuns: 60 },
    );
  });

  it("tells the price of the last trade, and keeps it when nothing trades", () => {
    const trading = new Trading();
    trading.fund(1, "USDT", amount("1000"));
    trading.fund(2, "BTC", amount("5"));
    expect(trading.state.stream(BTC).lastPrice).to.equal(null);
    trading.play(intentOf("a", limit("BUY", "1", "10")));
    trading.play(intentOf("b", limit("BUY", "1", "11")));
    trading.play(intentOf("s", limit("SELL", "2", "10"), { accountId: 2 }));
    expect(trading.state.stream(BTC).lastPrice).to.equal(amount("10"));
    trading.play(intentOf("c", limit("BUY", "1", "5")));
    expect(trading.state.stream(BTC).lastPrice).to.equal(amount("10"));
  });

  it("takes back the last command of a stream alone", () => {
    const trading = new Trading();
    trading.fund(1, "USDT", amount("1000"));
    const first = trading.sequence(intentOf("a", limit("BUY", "1", "10")));
    trading.sequence(intentOf("b", limit("BUY", "1", "10")));
    if (!first) throw new Error("it was refused");
    expect(() => trading.state.withdrawn(first)).to.throw("not the last one sequenced");
  });

  it("names the streams that it has when it is asked for another", () => {
    expect(() => new Trading().state.stream("ADAUSDT")).to.throw('"ADAUSDT" is not one of BTCUSDT, ETHUSDT');
    expect(new Trading().state.market("wallet")).to.equal(undefined);
  });

  it("refuses to apply what its book cannot: a defect stops it", () => {
    const trading = new Trading();
    trading.state.sequenced({
      ...{ stream: "wallet", seq: 1, epoch: 1 as never, accountId: 1, clientId: "x", acceptedAt: 1 },
      command: cancel(1),
    });
    expect(() => trading.applyNext("wallet")).to.throw("belongs in a symbol's stream");
  });
});
