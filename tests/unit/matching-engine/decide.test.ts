import { epoch } from "@castle/regions/epoch.ts";
import type { Command } from "@castle/services/kernel/domain/command.ts";
import type { Intent } from "@castle/services/kernel/domain/intent.ts";
import { MAX_NUM_ORDERS } from "@castle/services/kernel/domain/symbols.ts";
import type { Decision, Held } from "@castle/services/matching-engine/sequencing/decide.ts";
import { expect } from "chai";
import fc from "fast-check";
import { amount, cancel, limit, limitMaker, marketBuy, marketSell } from "./support/orders.ts";
import { BTC, ETH, intentOf, Trading } from "./support/trading.ts";

/** Rests far below everything, and holds 10 USDT. */
const bid = limit("BUY", "1", "10");
const deposit = (of: string): Command => ({ kind: "deposit", asset: "USDT", amount: amount(of) });
const open = (apiKey: string, sealedSecret = "sealed"): Command => ({
  ...{ kind: "open-account", apiKey, sealedSecret },
});
const byClientId = (origClientOrderId: string, idempotencyKey?: string): Intent["command"] => ({
  ...{ kind: "cancel-by-client-id", origClientOrderId },
  ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
});
const ethBid = { ...bid, quantity: amount("1"), price: amount("10") };

const verdict = (decision: Decision): string =>
  decision.kind === "refused"
    ? decision.because
    : `${decision.repeated ? "repeats" : "accepts"} ${decision.command.stream} ${decision.command.seq}`;

describe("the decision on an intent", () => {
  let trading: Trading;
  const decided = (intent: Intent, changes: Partial<Held> = {}): string =>
    verdict(trading.decide(intent, changes));

  beforeEach(() => {
    trading = new Trading();
    trading.fund(1, "USDT", amount("100"));
    trading.fund(2, "BTC", amount("5"));
  });

  it("gives it the next place in its stream, in the epoch, at the time of the batch", () => {
    trading.sequence(intentOf("before", bid));
    const decision = trading.decide(intentOf("mine", bid), { epoch: epoch(3), now: 77 });
    expect(decision).to.deep.equal({
      kind: "accepted",
      repeated: false,
      command: {
        stream: BTC,
        seq: 2,
        epoch: 3,
        accountId: 1,
        clientId: "mine",
        acceptedAt: 77,
        command: bid,
      },
    });
    expect(decided(intentOf("mine", ethBid, { stream: ETH }))).to.equal(`accepts ${ETH} 1`);
  });

  const refusals: readonly (readonly [string, () => Intent, Partial<Held>, string])[] = [
    ["anything while the gate is closed", () => intentOf("a", bid), { gate: "closed" }, "closed"],
    ["a cancel while the gate is closed", () => intentOf("a", cancel(1)), { gate: "closed" }, "closed"],
    [
      "an order while only cancels are taken",
      () => intentOf("a", bid),
      { gate: "cancel-only" },
      "cancel-only",
    ],
    ["a stream that there is none of", () => intentOf("a", bid, { stream: "ADAUSDT" }), {}, "unknown-stream"],
    ["an order for the wallets", () => intentOf("a", bid, { stream: "wallet" }), {}, "malformed"],
    ["a cancel for the wallets", () => intentOf("a", cancel(1), { stream: "wallet" }), {}, "malformed"],
    ["a deposit for a market", () => intentOf("a", deposit("1"), { stream: BTC }), {}, "malformed"],
    ["an account for a market", () => intentOf("a", open("k"), { stream: BTC }), {}, "malformed"],
    [
      "an order whose hold does not cover it",
      () => intentOf("a", { ...bid, hold: { asset: "USDT", amount: 1n } }),
      {},
      "malformed",
    ],
    [
      "an order that holds the other asset",
      () => intentOf("a", { ...bid, hold: { asset: "BTC", amount: amount("10") } }),
      {},
      "malformed",
    ],
    [
      "a market buy by quantity while nothing has traded",
      () => intentOf("a", { ...marketBuy("1", "0"), quoteBudget: null }),
      {},
      "no-last-price",
    ],
    ["more than there is", () => intentOf("a", limit("BUY", "1", "100.01")), {}, "insufficient-funds"],
    [
      "an asset that the account has never had",
      () => intentOf("a", marketSell("1")),
      {},
      "insufficient-funds",
    ],
    ["a cancel of no order", () => intentOf("a", cancel(9)), {}, "unknown-order"],
    ["a cancel of no client id", () => intentOf("a", byClientId("nothing")), {}, "unknown-order"],
  ];
  for (const [what, intent, changes, because] of refusals)
    it(`refuses ${what}: ${because}`, () => expect(decided(intent(), changes)).to.equal(because));

  it("takes cancels and deposits while only cancels are taken", () => {
    trading.sequence(intentOf("mine", bid));
    expect(decided(intentOf("c", cancel(1)), { gate: "cancel-only" })).to.equal("unknown-order");
    expect(decided(intentOf("c", byClientId("mine")), { gate: "cancel-only" })).to.equal(`accepts ${BTC} 2`);
    expect(decided(intentOf("d", deposit("1")), { gate: "cancel-only" })).to.equal("accepts wallet 3");
  });

  describe("knows funds", () => {
    it("less what is sequenced and not applied: nothing is spent twice", () => {
      trading.sequence(intentOf("a", limit("BUY", "1", "60")));
      expect(decided(intentOf("b", limit("BUY", "1", "40.01")))).to.equal("insufficient-funds");
      expect(decided(intentOf("c", limit("BUY", "1", "40")))).to.equal(`accepts ${BTC} 2`);
    });

    it("without what is on its way: a deposit counts once it is applied", () => {
      trading.sequence(intentOf("more", deposit("50")));
      expect(decided(intentOf("a", limit("BUY", "1", "150")))).to.equal("insufficient-funds");
      trading.applyAll();
      expect(decided(intentOf("a", limit("BUY", "1", "150")))).to.equal(`accepts ${BTC} 1`);
    });

    it("again after a cancel is applied, and not before", () => {
      trading.play(intentOf("a", limit("BUY", "1", "100")));
      trading.sequence(intentOf("c", byClientId("a")));
      expect(decided(intentOf("b", bid))).to.equal("insufficient-funds");
      trading.applyAll();
      expect(decided(intentOf("b", bid))).to.equal(`accepts ${BTC} 3`);
    });
  });

  describe("knows client order ids", () => {
    it("of open orders: one that is taken is refused, whether the order is applied or on its way", () => {
      trading.sequence(intentOf("mine", bid));
      expect(decided(intentOf("mine", bid))).to.equal("duplicate-order");
      trading.applyAll();
      expect(decided(intentOf("mine", limit("BUY", "1", "11")))).to.equal("duplicate-order");
    });

    it("of the account's every market, and of nobody else", () => {
      trading.play(intentOf("mine", bid));
      expect(decided(intentOf("mine", ethBid, { stream: ETH }))).to.equal("duplicate-order");
      expect(decided(intentOf("mine", marketSell("1"), { accountId: 2 }))).to.equal(`accepts ${BTC} 2`);
    });

    it("no longer than the order is open: cancelled, filled or expired, its id is free again", () => {
      trading.play(intentOf("mine", bid));
      trading.play(intentOf("c", byClientId("mine")));
      expect(decided(intentOf("mine", bid))).to.equal(`accepts ${BTC} 3`);
      trading.play(intentOf("mine", bid));
      trading.play(intentOf("theirs", limit("SELL", "1", "10"), { accountId: 2 }));
      expect(decided(intentOf("mine", bid))).to.equal(`accepts ${BTC} 5`);
      trading.play(intentOf("mine", limit("BUY", "1", "10", "IOC")));
      expect(decided(intentOf("mine", bid))).to.equal(`accepts ${BTC} 6`);
    });
  });

  describe("finds the order of a cancel", () => {
    const resolved = (intent: Intent): unknown => {
      const decision = trading.decide(intent);
      return decision.kind === "accepted" ? decision.command.command : decision.because;
    };

    it("by its id and by its client id, also while it is on its way", () => {
      trading.sequence(intentOf("mine", bid));
      const found = { kind: "cancel", orderId: 1, origClientOrderId: "mine" };
      expect(resolved(intentOf("c", byClientId("mine")))).to.deep.equal(found);
      expect(resolved(intentOf("c", { ...cancel(1), origClientOrderId: "mine" }))).to.deep.equal(found);
      trading.applyAll();
      expect(resolved(intentOf("c", { ...cancel(1), origClientOrderId: "" }))).to.deep.equal({
        ...{ kind: "cancel", orderId: 1, origClientOrderId: "" },
      });
    });

    it("and keeps the request's Idempotency-Key", () => {
      trading.sequence(intentOf("mine", bid));
      expect(resolved(intentOf("c", byClientId("mine", "key-1")))).to.include({ idempotencyKey: "key-1" });
    });

    it("never in another market, of somebody else, under another client id, or closed", () => {
      trading.play(intentOf("mine", bid));
      for (const intent of [
        intentOf("c", { ...cancel(1), origClientOrderId: "" }, { stream: ETH }),
        intentOf("c", byClientId("mine"), { stream: ETH }),
        intentOf("c", { ...cancel(1), origClientOrderId: "" }, { accountId: 2 }),
        intentOf("c", byClientId("mine"), { accountId: 2 }),
        intentOf("c", { ...cancel(1), origClientOrderId: "another" }),
      ])
        expect(resolved(intent)).to.equal("unknown-order");
      trading.play(intentOf("c", byClientId("mine")));
      expect(resolved(intentOf("again", byClientId("mine")))).to.equal("unknown-order");
    });
  });

  it(`lets an account rest ${MAX_NUM_ORDERS} orders in a market, and no more`, () => {
    trading.fund(1, "USDT", amount("10000"));
    for (let n = 0; n < MAX_NUM_ORDERS; n += 1) trading.play(intentOf(`o${n}`, bid));
    expect(decided(intentOf("more", bid))).to.equal("too-many-orders");
    expect(decided(intentOf("more", limitMaker("BUY", "1", "10")))).to.equal("too-many-orders");
    expect(decided(intentOf("more", limit("BUY", "1", "10", "IOC"))), "does not rest").to.match(/^accepts/);
    expect(decided(intentOf("more", marketBuy(null, "10"))), "does not rest").to.match(/^accepts/);
    expect(decided(intentOf("more", ethBid, { stream: ETH })), "another market").to.match(/^accepts/);
    expect(decided(intentOf("ask", limit("SELL", "1", "11"), { accountId: 2 })), "another account").to.match(
      /^accepts/,
    );
    trading.play(intentOf("c", byClientId("o0")));
    expect(decided(intentOf("more", bid)), "one was cancelled").to.match(/^accepts/);
  });

  it("counts orders that are on their way among those that may rest", () => {
    trading.fund(1, "USDT", amount("10000"));
    for (let n = 0; n < MAX_NUM_ORDERS; n += 1) trading.sequence(intentOf(`o${n}`, bid));
    expect(decided(intentOf("more", bid))).to.equal("too-many-orders");
  });

  describe("on a repeated request", () => {
    const key = { idempotencyKey: "key-1" };

    it("is the first result, also when the order is closed, or the gate", () => {
      trading.play(intentOf("mine", { ...bid, ...key }));
      expect(decided(intentOf("mine", { ...bid, ...key }))).to.equal(`repeats ${BTC} 1`);
      expect(decided(intentOf("another id", { ...bid, ...key }))).to.equal(`repeats ${BTC} 1`);
      trading.play(intentOf("c", byClientId("mine", "key-2")));
      expect(decided(intentOf("mine", { ...bid, ...key }), { gate: "closed" })).to.equal(`repeats ${BTC} 1`);
      expect(decided(intentOf("c", byClientId("mine", "key-2")))).to.equal(`repeats ${BTC} 2`);
    });

    it("refuses the key for another request", () => {
      trading.play(intentOf("mine", { ...bid, ...key }));
      for (const other of [
        intentOf("mine", { ...limit("BUY", "2", "10"), ...key }),
        intentOf("mine", { ...limit("BUY", "1", "11"), ...key }),
        intentOf("mine", { ...limitMaker("BUY", "1", "10"), ...key }),
        intentOf("mine", { ...limit("BUY", "1", "10", "IOC"), ...key }),
        intentOf("mine", { ...bid, ...key }, { stream: ETH }),
        intentOf("mine", { ...cancel(1), ...key }),
        intentOf("mine", byClientId("mine", "key-1")),
      ])
        expect(decided(other)).to.equal("key-reused");
    });

    it("keeps keys of accounts apart", () => {
      trading.play(intentOf("mine", { ...bid, ...key }));
      expect(decided(intentOf("theirs", { ...marketSell("1"), ...key }, { accountId: 2 }))).to.match(
        /^accepts/,
      );
    });

    it("is the same request though a market order would hold something else by now", () => {
      const buy = { ...marketBuy("1", "0"), quoteBudget: null, ...key };
      trading.play(intentOf("ask", limit("SELL", "1", "10"), { accountId: 2 }));
      trading.play(intentOf("bid", bid));
      trading.play(intentOf("market", buy));
      expect(decided(intentOf("market", buy), { lastPrice: () => amount("20") })).to.equal(
        `repeats ${BTC} 3`,
      );
      expect(decided(intentOf("market", { ...buy, quantity: amount("2") }))).to.equal("key-reused");
    });

    it("of the wallets goes by the reference, for ever", () => {
      trading.play(intentOf("ref", deposit("7")));
      expect(decided(intentOf("ref", deposit("7")))).to.equal("repeats wallet 3");
      expect(decided(intentOf("ref", deposit("8")))).to.equal("key-reused");
      expect(decided(intentOf("ref", deposit("7"), { accountId: 2 }))).to.equal("accepts wallet 4");
      trading.play(intentOf("open", open("k"), { accountId: 3 }));
      expect(decided(intentOf("open", open("k", "sealed anew"), { accountId: 3 }))).to.equal(
        "repeats wallet 4",
      );
      expect(decided(intentOf("open", open("other"), { accountId: 3 }))).to.equal("key-reused");
    });
  });

  it("budgets a market buy by quantity a tenth above the last price, and holds that", () => {
    const intent = intentOf("a", { ...marketBuy("2", "0"), quoteBudget: null });
    const decision = trading.decide(intent, { lastPrice: () => amount("20") });
    const budget = amount("44");
    expect(decision.kind === "accepted" && decision.command.command).to.deep.include({
      ...{ quoteBudget: budget, hold: { asset: "USDT", amount: budget } },
    });
    expect(decided(intent, { lastPrice: () => amount("46") })).to.equal("insufficient-funds");
  });

  it("never leaves a gap, never spends what is not there, never gives a taken client id", () => {
    const command = fc.oneof(
      fc.integer({ min: 1, max: 6 }).map((price) => limit("BUY", "1", `${price * 10}`)),
      fc.integer({ min: 1, max: 6 }).map((price) => limit("SELL", "1", `${price * 10}`)),
      fc.constantFrom("a", "b", "c").map((id) => byClientId(id)),
      fc.integer({ min: 1, max: 30 }).map((orderId) => ({ ...cancel(orderId), origClientOrderId: "" })),
    );
    const intents = fc.array(
      fc.record({
        accountId: fc.constantFrom(1, 2),
        clientId: fc.constantFrom("a", "b", "c", "d"),
        command,
        applies: fc.boolean(),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(intents, (sent) => {
        const one = new Trading();
        for (const account of [1, 2]) {
          one.fund(account, "USDT", amount("100"));
          one.fund(account, "BTC", amount("3"));
        }
        for (const { applies, clientId, command: placed, accountId } of sent) {
          const [before, taken] = [one.lastSeq(BTC), one.state.orders.byClientId(accountId, clientId)];
          const accepted = one.sequence(intentOf(clientId, placed, { accountId }));
          expect(one.lastSeq(BTC)).to.equal(before + (accepted ? 1 : 0));
          if (accepted) expect(accepted.seq).to.equal(before + 1);
          if (accepted?.command.kind === "place") expect(taken).to.equal(undefined);
          for (const asset of ["BTC", "USDT"])
            expect(one.state.ledger.available(accountId, asset) >= 0n).to.equal(true);
          if (applies) one.applyAll();
        }
        one.applyAll();
      }),
      { numRuns: 150 },
    );
  });
});
