import { type ExecutionState, stateOf } from "@castle/dr-runbooks/engine/state.ts";
import { usualDurations } from "@castle/dr-runbooks/engine/usual-durations.ts";
import { expect } from "chai";

const execution = (
  at: number,
  ms: number,
  { runbook = "test", how = "done" as "done" | "already-done" } = {},
): ExecutionState =>
  stateOf([
    { kind: "started", at, id: `${runbook}-${at}`, runbook, plan: {} },
    { kind: "step-started", at, step: "look" },
    { kind: "step-done", at, step: "look", how, ms },
  ]);

describe("how long a step usually takes", () => {
  const usual = (...executions: ExecutionState[]) => usualDurations(executions, "test").get("look");

  it("is the median of the latest five, in whatever order they are read", () => {
    const spans = [9_000, 9_000, 10, 40, 20, 9_999, 30];
    const executions = spans.map((ms, at) => execution(at, ms));
    expect(usual(...executions)).to.equal(30);
    expect(usual(...executions.reverse())).to.equal(30);
  });

  it("lies between the middle two of an even number", () => {
    expect(usual(execution(1, 10), execution(2, 20))).to.equal(15);
  });

  it("is not known of a step that never did its work in that runbook", () => {
    expect(usual()).to.equal(undefined);
    expect(usual(execution(1, 10, { how: "already-done" }))).to.equal(undefined);
    expect(usual(execution(1, 10, { runbook: "other" }))).to.equal(undefined);
  });
});
