import { FirstResults, repeatKeyOf } from "@castle/services/matching-engine/state/first-results.ts";
import { expect } from "chai";
import { accepted, cancel, limit } from "./support/orders.ts";
import { intentOf } from "./support/trading.ts";

const keyed = (seq: number, idempotencyKey: string, accountId = 1) =>
  accepted(seq, accountId, { ...limit("BUY", "1", "10"), idempotencyKey });
const MINUTE = 60_000;

describe("first results", () => {
  let results: FirstResults;
  const found = (intent: Parameters<typeof repeatKeyOf>[0]) => {
    const key = repeatKeyOf(intent);
    return key === null ? null : results.get(key)?.seq;
  };
  const again = (idempotencyKey: string, accountId = 1) =>
    found(intentOf("any", { ...limit("BUY", "1", "10"), idempotencyKey }, { accountId }));

  beforeEach(() => {
    results = new FirstResults();
  });

  it("are found by account and key, whatever the command", () => {
    results.sequenced(keyed(1, "k"), 0);
    results.sequenced({ ...accepted(2, 1, { ...cancel(1), idempotencyKey: "c" }) }, 0);
    expect([again("k"), again("c"), again("k", 2), again("other")]).to.deep.equal([
      1,
      2,
      undefined,
      undefined,
    ]);
  });

  it("of the wallets are found by account, kind and reference", () => {
    const deposit = { kind: "deposit", asset: "USDT", amount: 1n } as const;
    results.sequenced({ ...accepted(1, 1, deposit), stream: "wallet", clientId: "ref" }, 0);
    expect(found(intentOf("ref", deposit))).to.equal(1);
    expect(found(intentOf("ref", deposit, { accountId: 2 }))).to.equal(undefined);
    expect(found(intentOf("ref", { kind: "open-account", apiKey: "k", sealedSecret: "s" }))).to.equal(
      undefined,
    );
  });

  it("are none of a request that its sender gave no key", () => {
    results.sequenced(accepted(1, 1, limit("BUY", "1", "10")), 0);
    expect(repeatKeyOf(intentOf("c1", limit("BUY", "1", "10")))).to.equal(null);
  });

  it("are taken back with their command, and only with it", () => {
    const [first, second] = [keyed(1, "k"), keyed(2, "k")];
    results.sequenced(first, 0);
    results.withdrawn(second);
    expect(again("k")).to.equal(1);
    results.withdrawn(first);
    expect(again("k")).to.equal(undefined);
  });

  it("are kept until the database certainly has them, and no longer", () => {
    results.sequenced(keyed(1, "old"), 0);
    results.sequenced(keyed(2, "young"), 30_000);
    results.forgetOld(MINUTE - 1);
    expect(again("old")).to.equal(1);
    results.forgetOld(MINUTE);
    expect([again("old"), again("young")]).to.deep.equal([undefined, 2]);
  });
});
