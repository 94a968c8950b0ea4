import { epoch } from "@castle/regions/epoch.ts";
import { FIRST_ENGINE_LEG } from "@castle/services/kernel/database/postings.ts";
import {
  type AcceptedCommand,
  type Command,
  EXTERNAL_ACCOUNT,
  WALLET_STREAM,
} from "@castle/services/kernel/domain/command.ts";
import { replayWithBalances } from "@castle/services/matching-engine/reference/replay.ts";
import { balanceDeltas } from "@castle/services/matching-engine/settlement/balance-delta.ts";
import { Wallets } from "@castle/services/matching-engine/stream/wallets.ts";
import { assert } from "chai";
import fc from "fast-check";

const wallet = (seq: number, accountId: number, command: Command): AcceptedCommand => ({
  stream: WALLET_STREAM,
  seq,
  epoch: epoch(1),
  accountId,
  clientId: `c${seq}`,
  acceptedAt: seq,
  command,
});
const open = (apiKey: string): Command => ({
  kind: "open-account",
  apiKey,
  sealedSecret: `sealed ${apiKey}`,
});
const deposit = (asset: string, amount: bigint): Command => ({ kind: "deposit", asset, amount });
const nothingTaken = { accountIds: [], apiKeys: [] };

describe("the wallet stream", () => {
  it("brings a deposit from outside, by double entry", () => {
    const { postings, outcome } = new Wallets(0, nothingTaken).apply(wallet(1, 7, deposit("USDT", 500n)));
    const leg = { stream: WALLET_STREAM, seq: 1, asset: "USDT", bucket: "free" } as const;
    assert.deepEqual(postings, [
      { ...leg, leg: FIRST_ENGINE_LEG, accountId: EXTERNAL_ACCOUNT, amount: -500n },
      { ...leg, leg: FIRST_ENGINE_LEG + 1, accountId: 7, amount: 500n },
    ]);
    assert.isNull(outcome.error);
  });

  it("opens an account", () => {
    const { accounts, outcome } = new Wallets(0, nothingTaken).apply(wallet(1, 7, open("k")));
    assert.deepEqual(accounts, [{ accountId: 7, apiKey: "k", sealedSecret: "sealed k" }]);
    assert.isNull(outcome.error);
  });

  const taken = [
    ["whose id is taken", { accountIds: [7], apiKeys: [] }],
    ["whose key is taken", { accountIds: [], apiKeys: ["k"] }],
  ] as const;
  for (const [what, names] of taken)
    it(`refuses an account ${what}, instead of halting the stream on it`, () => {
      const { accounts, outcome } = new Wallets(0, names).apply(wallet(1, 7, open("k")));
      assert.deepEqual(accounts, []);
      assert.equal(outcome.error?.code, -1130);
    });

  it("stops at a gap, and at a command of a symbol's stream", () => {
    assert.throws(() => new Wallets(0, nothingTaken).apply(wallet(2, 7, open("k"))), /wants command 1 next/);
    const cancel: Command = { kind: "cancel", orderId: 1, origClientOrderId: "a" };
    assert.throws(
      () => new Wallets(0, nothingTaken).apply(wallet(1, 7, cancel)),
      /belongs in a symbol's stream/,
    );
  });

  it("tells and moves what the reference does", () => {
    const command = fc.oneof(
      fc.constantFrom("a", "b", "c").map(open),
      fc
        .tuple(fc.constantFrom("BTC", "USDT"), fc.bigInt({ min: 1n, max: 1_000n }))
        .map((of) => deposit(...of)),
    );
    const streams = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 3 }), command), { maxLength: 20 })
      .map((commands) => commands.map(([accountId, one], at) => wallet(at + 1, accountId, one)));
    fc.assert(
      fc.property(streams, (stream) => {
        const wallets = new Wallets(0, nothingTaken);
        for (const expected of replayWithBalances(WALLET_STREAM, stream)) {
          const { outcome, postings } = wallets.apply(stream[expected.outcome.seq - 1] as AcceptedCommand);
          assert.deepEqual(outcome, expected.outcome);
          assert.deepEqual(balanceDeltas(postings), expected.deltas);
        }
      }),
    );
  });
});
