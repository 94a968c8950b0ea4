import { epoch } from "@castle/regions/epoch.ts";
import type { AcceptedCommand, PlaceOrder } from "@castle/services/kernel/domain/command.ts";
import {
  balanceKey,
  clientKey,
  decide,
  type Held,
  type Intent,
} from "@castle/services/order-gateway/acceptance/decide.ts";
import { expect } from "chai";
import fc from "fast-check";

const held = (changes: Partial<Held> = {}): Held => ({
  epoch: epoch(3),
  gate: "open",
  now: 1_000,
  lastSeq: new Map([
    ["BTCUSDT", 10],
    ["ETHUSDT", 0],
  ]),
  earlier: new Map(),
  free: new Map([[balanceKey(1, "USDT"), 100n]]),
  ...changes,
});

const buy = (amount: bigint): PlaceOrder => ({
  kind: "place",
  side: "BUY",
  type: "LIMIT",
  timeInForce: "GTC",
  price: 1n,
  quantity: amount,
  quoteBudget: null,
  hold: { asset: "USDT", amount },
});

const intent = (clientId: string, amount: bigint, changes: Partial<Intent> = {}): Intent => ({
  stream: "BTCUSDT",
  accountId: 1,
  clientId,
  command: buy(amount),
  ...changes,
});

const kinds = (intents: readonly Intent[], given = held()): string[] =>
  decide(intents, given).verdicts.map((verdict) =>
    verdict.kind === "refused"
      ? verdict.because
      : verdict.repeated
        ? "repeated"
        : `seq ${verdict.command.seq}`,
  );

const placed = (clientId: string, seq: number, amount: bigint): AcceptedCommand => ({
  stream: "BTCUSDT",
  seq,
  epoch: epoch(1),
  accountId: 1,
  clientId,
  acceptedAt: 5,
  command: buy(amount),
});

describe("the decision on a batch", () => {
  it("gives places in order, stream by stream", () => {
    expect(kinds([intent("a", 1n), intent("b", 1n, { stream: "ETHUSDT" }), intent("c", 1n)])).to.deep.equal([
      "seq 11",
      "seq 1",
      "seq 12",
    ]);
  });

  it("refuses what the account cannot pay, and only that", () => {
    expect(kinds([intent("a", 60n), intent("b", 60n), intent("c", 40n)])).to.deep.equal([
      "seq 11",
      "insufficient-funds",
      "seq 12",
    ]);
  });

  it("gives a repeated client id its first command, in the batch and from before", () => {
    const earlier = new Map([[clientKey(1, "place", "old"), placed("old", 4, 7n)]]);
    const { verdicts, accepted } = decide(
      [intent("old", 7n), intent("new", 1n), intent("new", 1n)],
      held({ earlier }),
    );
    expect(verdicts.map((v) => v.kind === "accepted" && [v.command.seq, v.repeated])).to.deep.equal([
      [4, true],
      [11, false],
      [11, true],
    ]);
    expect(accepted).to.have.length(1);
  });

  it("refuses another order under a client id that is taken", () => {
    const earlier = new Map([[clientKey(1, "place", "old"), placed("old", 4, 7n)]]);
    expect(kinds([intent("old", 8n)], held({ earlier }))).to.deep.equal(["client-id-taken"]);
    expect(kinds([intent("old", 7n, { stream: "ETHUSDT" })], held({ earlier }))).to.deep.equal([
      "client-id-taken",
    ]);
  });

  it("answers a repeat even when the gate is closed: the command stands", () => {
    const earlier = new Map([[clientKey(1, "place", "old"), placed("old", 4, 7n)]]);
    expect(kinds([intent("old", 7n), intent("x", 1n)], held({ earlier, gate: "closed" }))).to.deep.equal([
      "repeated",
      "closed",
    ]);
  });

  it("takes cancels and deposits, but no orders, when only cancels are taken", () => {
    const cancel = intent("c", 0n, { command: { kind: "cancel", orderId: 4, origClientOrderId: "" } });
    expect(kinds([intent("a", 1n), cancel], held({ gate: "cancel-only" }))).to.deep.equal([
      "cancel-only",
      "seq 11",
    ]);
  });

  it("finds the order of a cancel by its client id, also in the same batch, and never another account's", () => {
    const cancel = (accountId: number) =>
      intent("c", 0n, { accountId, command: { kind: "cancel-by-client-id", origClientOrderId: "a" } });
    const { verdicts } = decide([intent("a", 1n), cancel(1), cancel(2)], held());
    expect(verdicts[1]).to.deep.include({ kind: "accepted" });
    expect(verdicts[1]?.kind === "accepted" && verdicts[1].command.command).to.deep.equal({
      kind: "cancel",
      orderId: 11,
      origClientOrderId: "a",
    });
    expect(verdicts[2]).to.deep.equal({ kind: "refused", because: "unknown-order" });
  });

  it("never sequences with a gap, never spends what is not there, never the same client id twice", () => {
    const intents = fc.array(
      fc.record({
        stream: fc.constantFrom("BTCUSDT", "ETHUSDT"),
        accountId: fc.constantFrom(1, 2),
        clientId: fc.constantFrom("a", "b", "c", "d", "e", "f"),
        command: fc.bigInt(1n, 60n).map(buy),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(intents, (batch) => {
        const given = held({
          free: new Map([
            [balanceKey(1, "USDT"), 100n],
            [balanceKey(2, "USDT"), 30n],
          ]),
        });
        const { accepted, verdicts } = decide(batch, given);
        for (const [stream, last] of given.lastSeq)
          expect(accepted.filter((c) => c.stream === stream).map((c) => c.seq - last)).to.deep.equal(
            accepted.filter((c) => c.stream === stream).map((_, index) => index + 1),
          );
        for (const accountId of [1, 2]) {
          const spent = accepted
            .filter((c) => c.accountId === accountId)
            .reduce((sum, c) => sum + (c.command.kind === "place" ? c.command.hold.amount : 0n), 0n);
          expect(spent <= (given.free.get(balanceKey(accountId, "USDT")) ?? 0n)).to.equal(true);
        }
        const ids = accepted.map((c) => `${c.accountId}/${c.clientId}`);
        expect(new Set(ids).size).to.equal(ids.length);
        expect(verdicts).to.have.length(batch.length);
      }),
    );
  });
});
