import type { AppliedCommand } from "@castle/services/matching-engine/application/applied-command.ts";
import { type Result, Results } from "@castle/services/matching-engine/application/results.ts";
import { expect } from "chai";
import { accepted, limit } from "./support/orders.ts";
import { emptyMarket } from "./support/play.ts";

const applied = (seq: number): AppliedCommand => {
  const command = accepted(1, 1, limit("BUY", "1", "10"));
  const what = emptyMarket().apply(command);
  return { accepted: { ...command, seq }, applied: what, outcome: JSON.stringify(what.outcome), at: 0 };
};

describe("who waits for a result", () => {
  const heard: [string, Result][] = [];
  const by = (name: string) => (result: Result) => heard.push([name, result]);
  beforeEach(() => {
    heard.length = 0;
  });

  it("hears it when the command is applied, once, and of no other command", () => {
    const results = new Results();
    const [first, second] = [applied(1), applied(2)];
    results.wait("BTCUSDT", 2, by("second"));
    results.wait("BTCUSDT", 1, by("first"));
    results.wait("BTCUSDT", 1, by("again"));
    results.wait("ETHUSDT", 1, by("elsewhere"));
    results.applied(first);
    results.applied(first);
    expect(heard).to.deep.equal([
      ["first", first],
      ["again", first],
    ]);
    results.applied(second);
    expect(heard.at(-1)).to.deep.equal(["second", second]);
  });

  it("hears that nobody will know here, when it is abandoned, and nothing after", () => {
    const results = new Results();
    results.wait("BTCUSDT", 1, by("one"));
    results.wait("wallet", 1, by("other"));
    results.abandon("the epoch is over");
    results.applied(applied(1));
    const unknown = { unknown: "the epoch is over" };
    expect(heard).to.deep.equal([
      ["one", unknown],
      ["other", unknown],
    ]);
  });
});
