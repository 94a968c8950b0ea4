import type { Posting } from "@castle/services/kernel/database/postings.ts";
import { EXTERNAL_ACCOUNT } from "@castle/services/kernel/domain/command.ts";
import { Ledger, LedgerViolated } from "@castle/services/matching-engine/state/ledger.ts";
import { expect } from "chai";
import { BTC } from "./support/trading.ts";

const posting = (accountId: number, bucket: Posting["bucket"], amount: bigint, asset = "USDT"): Posting => ({
  ...{ stream: BTC, seq: 1, leg: 0, accountId, asset, bucket, amount },
});

describe("the ledger in memory", () => {
  let ledger: Ledger;
  const balanceOf = (accountId: number, asset = "USDT") => {
    const balance = ledger.balances(accountId).get(asset);
    return balance && [balance.free, balance.locked];
  };

  beforeEach(() => {
    ledger = new Ledger();
    ledger.restore(1, "USDT", { free: 100n, locked: 20n });
  });

  it("moves what postings say, and shows it", () => {
    ledger.post([posting(1, "free", -30n), posting(1, "locked", 30n), posting(2, "free", 5n, "BTC")]);
    expect(balanceOf(1)).to.deep.equal([70n, 50n]);
    expect(balanceOf(2, "BTC")).to.deep.equal([5n, 0n]);
    expect(ledger.balances(3).size).to.equal(0);
  });

  it("lets nobody spend what is reserved, and shows it as free all the same", () => {
    ledger.reserve(1, "USDT", 60n);
    expect(ledger.available(1, "USDT")).to.equal(40n);
    expect(balanceOf(1)).to.deep.equal([100n, 20n]);
    ledger.release(1, "USDT", 60n);
    expect(ledger.available(1, "USDT")).to.equal(100n);
  });

  it("has nothing of what an account never had", () => {
    expect(ledger.available(1, "BTC")).to.equal(0n);
    expect(ledger.available(9, "USDT")).to.equal(0n);
  });

  for (const bucket of ["free", "locked"] as const)
    it(`refuses a balance that ends below zero ${bucket}`, () => {
      expect(() => ledger.post([posting(1, bucket, -101n)]))
        .to.throw(LedgerViolated)
        .with.property("message")
        .that.matches(/account 1 would have .* USDT .*no balance is below zero/);
    });

  it("minds the end of a command, not the way to it", () => {
    ledger.post([posting(1, "free", -150n), posting(1, "free", 60n)]);
    expect(balanceOf(1)).to.deep.equal([10n, 20n]);
  });

  it("lets what came from outside stand below zero", () => {
    ledger.post([posting(EXTERNAL_ACCOUNT, "free", -500n), posting(2, "free", 500n)]);
    expect(balanceOf(EXTERNAL_ACCOUNT)).to.deep.equal([-500n, 0n]);
  });
});
