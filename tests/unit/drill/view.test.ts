import { Chronicle, type DrillEvent } from "@castle/lab/drill/chronicle.ts";
import { after, lastingLine, liveLine, nothingYet } from "@castle/lab/drill/view.ts";
import { expect } from "chai";

const at = 1_000;

describe("the chronicle of a drill", () => {
  const chronicle = () => {
    const told: DrillEvent[] = [];
    let clock = 5_000;
    return {
      told,
      it: new Chronicle(
        (event) => told.push(event),
        () => (clock += 100),
      ),
    };
  };

  it("marks what belongs to the story, in the report's own time", async () => {
    const { it: kept } = chronicle();
    await kept.around("lab up", async () => undefined);
    await kept.during("steady", "steady in eu-west-1", async () => undefined);
    expect(kept.marks(5_250)).to.deep.equal([
      { kind: "steady", name: "steady in eu-west-1", startMs: 50, endMs: 150 },
    ]);
  });

  it("hands on what the work resolves with, and why it failed", async () => {
    const { told, it: kept } = chronicle();
    expect(await kept.during("act", "count", async () => 3)).to.equal(3);
    const failure = await kept
      .during("act", "failover", () => Promise.reject(new Error("nobody there")))
      .catch((error: Error) => error.message);
    expect(failure).to.equal("nobody there");
    expect(told.at(-1)).to.deep.equal({
      kind: "act-ended",
      name: "failover",
      tookMs: 100,
      error: "nobody there",
    });
    expect(kept.marks(0)).to.have.length(2);
  });
});

describe("the live line", () => {
  const started: DrillEvent = { kind: "act-started", of: "act", name: "failover to eu-central-1" };
  const step: DrillEvent = { kind: "step", event: { kind: "step-started", at: 0, step: "promote-database" } };
  const load: DrillEvent = {
    kind: "load",
    view: { acknowledgedPerSecond: 1_234, errorsPerSecond: 5, p99: 41.4 },
  };
  const shown = [started, step, load].reduce((state, event) => after(state, event, at), nothingYet);

  it("tells the act and how long it takes, the step, and how the load goes", () =>
    expect(liveLine(shown, at + 1_500, 200)).to.equal(
      "  ▸ failover to eu-central-1, 1.50 s · promote-database · 1,234 acknowledged/s · 5 errors/s · p99 41 ms",
    ));

  it("never wraps", () => {
    for (const columns of [0, 1, 20, 80]) expect(liveLine(shown, at, columns).length).to.be.at.most(columns);
  });

  it("tells what a step waits for, and how far that is", () => {
    const what = "drain: BTCUSDT: 5 accepted, 3 in the journal, 2 applied";
    const waits = after(shown, { kind: "awaiting", what }, 2_000);
    expect(liveLine(waits, 2_000, 200)).to.contain(what);
  });

  it("forgets the step with its act", () => {
    const ended = after(shown, { kind: "act-ended", name: "failover", tookMs: 1, error: null }, at);
    expect(liveLine(ended, at, 200))
      .to.not.contain("promote-database")
      .and.to.not.contain("failover");
  });

  it("tells at the end of a part who used the machine, unless it was too short to tell", () => {
    const ended = { kind: "act-ended", name: "steady", error: null } as const;
    const use = { castle: 0.612, others: 0.03 };
    expect(lastingLine({ ...ended, tookMs: 12_000, use })).to.match(/12 s {3}CPU: Castle 61 %, others 3 %$/);
    expect(lastingLine({ ...ended, tookMs: 100, use })).to.match(/100 ms$/);
  });

  it("leaves a line for what is over, and none for what goes on", () => {
    expect(lastingLine({ kind: "act-ended", name: "warm-up", tookMs: 4_000, error: null })).to.match(
      /✓ warm-up +4\.00 s$/,
    );
    expect(lastingLine({ kind: "act-ended", name: "failover", tookMs: 1, error: "no reader" })).to.equal(
      "  ✗ failover: no reader",
    );
    expect(lastingLine(started)).to.equal(null);
    expect(lastingLine(load)).to.equal(null);
  });
});
