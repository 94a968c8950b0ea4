import type { ExecutionEvent } from "@castle/dr-runbooks/engine/event.ts";
import { type ExecutionState, stateOf } from "@castle/dr-runbooks/engine/state.ts";
import { requireBeforeTheRole } from "@castle/dr-runbooks/runbooks/cancel.ts";
import { catalogue } from "@castle/dr-runbooks/runbooks/catalogue.ts";
import { detailsOf } from "@castle/dr-runbooks/runbooks/details.ts";
import { ExecutionRefused } from "@castle/dr-runbooks/runbooks/errors.ts";
import { planToGoOn } from "@castle/dr-runbooks/runbooks/go-on.ts";
import { runbooks } from "@castle/dr-runbooks/runbooks/run.ts";
import { NEVER_SKIPPED, requireSkippable } from "@castle/dr-runbooks/runbooks/skip.ts";
import { epoch } from "@castle/regions/epoch.ts";
import type { WitnessRecord } from "@castle/regions/witness/record.ts";
import { expect } from "chai";

const ID = "switchover-6";
const plan = {
  kind: "switchover",
  from: "eu-west-1",
  to: "eu-central-1",
  epoch: 6,
  consentToLoss: false,
  continues: null,
} as const;
const by = { user: "ada", host: "console", pid: 7 };

const execution = (...more: ExecutionEvent[]): ExecutionState =>
  stateOf([{ kind: "started", at: 1_000, id: ID, runbook: "switchover", plan, by }, ...more]);
const begun = (step: string, at = 2_000): ExecutionEvent => ({ kind: "step-started", at, step });
const done = (step: string): ExecutionEvent => ({ kind: "step-done", at: 3_000, step, how: "done", ms: 5 });

const free: WitnessRecord = { epoch: epoch(5), activeRegion: "eu-west-1", mode: "paired", changedBy: "x" };
const taken: WitnessRecord = { epoch: epoch(6), activeRegion: "eu-central-1", mode: "solo", changedBy: ID };
const elsewhere: WitnessRecord = { ...taken, changedBy: "failover-6" };

const goOn = (state: ExecutionState, record: WitnessRecord) =>
  planToGoOn(ID, { consentToLoss: false }, record, [state]);

describe("going on with one execution", () => {
  it("begins at the top before the role is taken, and behind the last step after", () => {
    expect(goOn(execution(), free)).to.include({ kind: "resume", id: ID, from: "top" });
    expect(goOn(execution(), taken)).to.include({ kind: "resume", id: ID, from: "last-step" });
  });

  it("is refused when the role went elsewhere, and says where and what can be done", () => {
    const found = goOn(execution(), elsewhere);
    expect(found).to.include({ kind: "refuse", refusal: "already-active-there" });
    const back: WitnessRecord = { ...free, epoch: epoch(7) };
    expect(() => goOn(execution(), back)).to.throw(ExecutionRefused, /eu-west-1 is active in epoch 7/);
  });

  it("is refused when it is over, and tells how it ended", () => {
    const over = execution({ kind: "finished", at: 9, outcome: "canceled", because: "called off" });
    expect(() => goOn(over, free)).to.throw(ExecutionRefused, /is over: canceled \(called off\)/);
  });

  it("is refused for one that nobody knows, and names those there are", () => {
    expect(() => planToGoOn("nobody", { consentToLoss: false }, free, [execution()])).to.throw(
      ExecutionRefused,
      /no execution nobody; the latest are switchover-6/,
    );
  });

  it("asks for consent when the cells have gone solo", () => {
    expect(goOn(execution(), { ...free, mode: "solo" })).to.include({ refusal: "solo-needs-consent" });
  });
});

describe("canceling an execution", () => {
  const allowed = (state: ExecutionState, record: WitnessRecord, now = 100_000): void =>
    requireBeforeTheRole(state, record, now);

  it("is allowed before the role is taken", () => {
    allowed(execution(begun("close-old-cell"), done("close-old-cell")), free);
  });

  it("is refused behind the point of no return, as the witness tells it, whatever the record says", () => {
    expect(() => allowed(execution(), taken)).to.throw(ExecutionRefused, /there is no way back, only on/);
    expect(() => allowed(execution(begun("take-the-role"), done("take-the-role")), elsewhere)).to.throw(
      ExecutionRefused,
      /castle resume switchover-6/,
    );
  });

  it("is refused while the answer to its asking for the role may still come", () => {
    const asked = execution(begun("take-the-role", 90_000));
    expect(() => allowed(asked, free)).to.throw(ExecutionRefused, /asked for the role 10 s ago/);
    allowed(asked, free, 110_000);
  });

  it("is allowed for one whose role went elsewhere", () => {
    allowed(execution(), elsewhere);
  });
});

describe("skipping a step", () => {
  const because = "done by hand";

  for (const step of NEVER_SKIPPED)
    it(`is refused for ${step}`, () => {
      for (const runbook of Object.values(runbooks))
        expect(() => requireSkippable(runbook, [{ step, because }])).to.throw(
          ExecutionRefused,
          /cannot be skipped/,
        );
    });

  it("is refused for a step that the runbook has not, and names those it has", () => {
    expect(() => requireSkippable(runbooks.failover, [{ step: "drain", because }])).to.throw(
      ExecutionRefused,
      /failover has no step drain; it has take-the-role,/,
    );
  });

  it("is refused without a reason", () => {
    expect(() => requireSkippable(runbooks.switchover, [{ step: "drain", because: " " }])).to.throw(
      ExecutionRefused,
      /only for a reason/,
    );
    requireSkippable(runbooks.switchover, [{ step: "drain", because }]);
  });

  it("settles it, with the reason, until it begins at the top again", () => {
    const skipped = execution({ kind: "step-skipped", at: 4, step: "drain", because, by });
    expect(skipped.settled[0]).to.include({ step: "drain", outcome: "skipped", error: because, ms: 0 });
    const again = execution(
      { kind: "step-skipped", at: 4, step: "drain", because, by },
      { kind: "resumed", at: 5, from: "top", plan },
    );
    expect(again.settled).to.deep.equal([]);
  });
});

describe("the details of an execution", () => {
  const failed: ExecutionEvent = {
    ...{ kind: "step-failed", at: 4_000, step: "drain", how: "unknown", ms: 900 },
    ...{ error: "nothing answers", tolerated: false },
  };
  const outcomes = (state: ExecutionState, isHeld: boolean): Record<string, string> => {
    const holder = isHeld ? { host: "console", pid: 7, startedTicks: 1 } : null;
    const { steps } = detailsOf(state, holder, 9_000);
    return Object.fromEntries(steps.map(({ name, outcome }) => [name, outcome]));
  };

  it("tell what is done, what runs and what is not begun", () => {
    const state = execution(begun("check-ready"), done("check-ready"), begun("drain"));
    expect(outcomes(state, true)).to.include({ "check-ready": "done", drain: "running", open: "not-begun" });
    expect(outcomes(state, false)).to.include({ drain: "cut-off" });
    expect(detailsOf(state, null, 9_000)).to.include({ state: "killed", endedAt: 2_000, ms: 1_000 });
  });

  it("tell how a step failed, what that means, what can be done, and how to go on", () => {
    const state = execution(begun("drain"), failed, {
      kind: "stopped",
      at: 4_100,
      because: "nothing answers",
    });
    const details = detailsOf(state, null, 9_000);
    expect(outcomes(state, false)).to.include({ drain: "unknown" });
    expect(details).to.include({ state: "stopped", because: "nothing answers" });
    expect(details.failure?.means).to.be.a("string").and.not.equal("");
    expect(details.goOn.join(" ")).to.contain(`castle resume ${ID}`).and.contain(`castle cancel ${ID}`);
  });

  it("do not offer to cancel behind the point of no return", () => {
    const state = execution(begun("take-the-role"), done("take-the-role"));
    expect(detailsOf(state, null, 9_000).goOn).to.deep.equal([`Go on with: castle resume ${ID}`]);
  });

  it("tell what was taken back, and offer nothing for one that is over", () => {
    const state = execution(
      begun("close-old-cell"),
      done("close-old-cell"),
      { kind: "step-undone", at: 5_000, step: "close-old-cell" },
      { kind: "finished", at: 5_100, outcome: "canceled", because: "called off", by },
    );
    expect(outcomes(state, false)).to.include({ "close-old-cell": "taken-back", drain: "not-begun" });
    expect(detailsOf(state, null, 9_000)).to.deep.include({
      state: "canceled",
      goOn: [],
      ms: 4_100,
      by: [by],
    });
  });

  it("know every runbook of the catalogue", () => {
    for (const { runbook } of catalogue) {
      const state = stateOf([{ kind: "started", at: 1, id: "x", runbook: runbook.name, plan: {} }]);
      expect(detailsOf(state, null, 2).steps, runbook.name).to.not.be.empty;
    }
  });
});
