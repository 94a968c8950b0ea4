import { unexplainedBalances } from "@castle/dr-runbooks/reconcile/balances.ts";
import { compareStretch, type Stretch } from "@castle/dr-runbooks/reconcile/compare.ts";
import { withoutSecrets } from "@castle/dr-runbooks/reconcile/difference.ts";
import type { BalanceRow } from "@castle/dr-runbooks/reconcile/ledger.ts";
import type { Row, Rows } from "@castle/dr-runbooks/reconcile/rows.ts";
import { Totals } from "@castle/dr-runbooks/reconcile/totals.ts";
import { expect } from "chai";

const command = (seq: number, body = `body ${seq}`): Row => ({
  ...{ seq: `${seq}`, epoch: "1", account_id: "7", client_id: `c${seq}`, kind: "place" },
  ...{ accepted_at: "1", body },
});
const outcome = (seq: number, body = "done"): Row => ({ seq: `${seq}`, body });
const posting = (seq: number, leg: number, amount: string): Row => ({
  ...{ seq: `${seq}`, leg: `${leg}`, account_id: "7", asset: "USDT", bucket: "free", amount },
});
const rows = (some: Partial<Rows>): Rows => ({ command: [], outcome: [], posting: [], trade: [], ...some });

/** Two commands, both applied, in both; unless said otherwise. */
const whole = rows({ command: [command(1), command(2)], outcome: [outcome(1), outcome(2)] });
const stretch = (change: Partial<Stretch> = {}): Stretch => ({
  ...{ stream: "BTCUSDT", oldWriter: whole, survivor: whole, oldApplied: 2, survivorApplied: 2 },
  ...change,
});

describe("comparing a stretch of two histories", () => {
  it("finds nothing where they are the same", () => {
    expect(compareStretch(stretch())).to.deep.equal({ differences: [], partsAt: null, notYetApplied: 0 });
  });

  it("finds where they part, and what stands there instead", () => {
    const survivor = rows({
      command: [command(1), command(2, "another")],
      outcome: [outcome(1), outcome(2, "x")],
    });
    const { differences, partsAt } = compareStretch(stretch({ survivor }));
    expect(partsAt).to.equal(2);
    expect(differences).to.deep.equal([
      {
        ...{ kind: "command", stream: "BTCUSDT", seq: 2, holds: "only-old-writer" },
        ...{ command: command(2), there: command(2, "another") },
      },
      {
        ...{ kind: "outcome", stream: "BTCUSDT", seq: 2, holds: "only-old-writer" },
        ...{ oldWriter: outcome(2), survivor: null },
      },
    ]);
  });

  it("tells a command that the old writer lacks before its end", () => {
    const oldWriter = rows({ command: [command(2)], outcome: [outcome(2)] });
    const { differences, partsAt } = compareStretch(stretch({ oldWriter }));
    expect(partsAt).to.equal(1);
    expect(differences.map(({ kind, seq, holds }) => [kind, seq, holds])).to.deep.equal([
      ["command", 1, "only-survivor"],
    ]);
  });

  it("does not take an engine that is behind for a difference: the old writer's, nor the survivor's", () => {
    const unapplied = rows({ command: whole.command, outcome: [outcome(1)] });
    expect(compareStretch(stretch({ oldWriter: unapplied, oldApplied: 1 })).differences).to.deep.equal([]);
    expect(compareStretch(stretch({ survivor: unapplied, survivorApplied: 1 }))).to.deep.equal({
      ...{ differences: [], partsAt: null, notYetApplied: 1 },
    });
  });

  it("and an outcome that is missing though its command was applied is one", () => {
    const missing = rows({ command: whole.command, outcome: [outcome(1)] });
    expect(compareStretch(stretch({ oldWriter: missing })).differences).to.have.length(1);
    expect(compareStretch(stretch({ survivor: missing })).differences).to.have.length(1);
  });

  it("compares holds of commands that nobody has applied yet", () => {
    const held = (amount: string) => rows({ command: [command(1)], posting: [posting(1, 0, amount)] });
    const unapplied = { oldApplied: 0, survivorApplied: 0 };
    const same = { oldWriter: held("-5"), survivor: held("-5"), ...unapplied };
    expect(compareStretch(stretch(same)).differences).to.deep.equal([]);
    const { differences } = compareStretch(stretch({ ...same, survivor: held("-6") }));
    expect(differences).to.deep.include({
      ...{ kind: "posting", stream: "BTCUSDT", seq: 1, holds: "differs" },
      ...{ oldWriter: posting(1, 0, "-5"), survivor: posting(1, 0, "-6") },
    });
  });
});

describe("the totals of what differs", () => {
  it("are per account and asset, and leave the world outside out of an asset's", () => {
    const totals = new Totals();
    totals.add({ oldWriter: posting(1, 2, "30"), survivor: posting(1, 2, "10") });
    totals.add({ oldWriter: { ...posting(1, 3, "-20"), account_id: "0" }, survivor: null });
    expect(
      totals.accounts().map(({ accountId, oldFree, survivorFree }) => [accountId, oldFree, survivorFree]),
    ).to.deep.equal([
      [0, -20n, 0n],
      [7, 30n, 10n],
    ]);
    expect([...totals.assets()]).to.deep.equal([["USDT", 20n]]);
  });
});

describe("balances beside each other", () => {
  async function* of(
    ...found: [account: number, asset: string, free: number, posted: number][]
  ): AsyncGenerator<BalanceRow> {
    for (const [account, asset, free, posted] of found)
      yield {
        ...{ account_id: `${account}`, asset, free: `${free}`, posted_free: `${posted}` },
        ...{ locked: "0", posted_locked: "0" },
      };
  }
  const found = async (ours: AsyncGenerator<BalanceRow>, theirs: AsyncGenerator<BalanceRow>) => {
    const told: string[] = [];
    for await (const { accountId, asset } of unexplainedBalances(ours, theirs))
      told.push(`${accountId} ${asset}`);
    return told;
  };

  it("differ by what was posted, which is no difference of its own", async () => {
    expect(await found(of([1, "BTC", 5, 5]), of([1, "BTC", 9, 9], [2, "BTC", 1, 1]))).to.deep.equal([]);
  });

  it("are told where no posting explains them, wherever the walk stands", async () => {
    const ours = of([1, "BTC", 6, 5], [2, "USDT", 1, 1], [10, "BTC", 2, 3]);
    const theirs = of([1, "BTC", 5, 5], [1, "ETH", 4, 0], [10, "BTC", 3, 3]);
    expect(await found(ours, theirs)).to.deep.equal(["1 BTC", "1 ETH", "10 BTC"]);
  });
});

it("a report of a command tells no secret of it", () => {
  const body = '{"kind":"open-account","apiKey":"KEY","sealedSecret":"SECRET"}';
  const told = JSON.stringify(withoutSecrets({ ...command(1, body), kind: "open-account" }));
  expect(told).to.not.match(/KEY"|SECRET/);
});
