import { executionNamed } from "@castle/dr-runbooks/cli/find-execution.ts";
import { stateOf } from "@castle/dr-runbooks/engine/state.ts";
import { expect } from "chai";

const executions = ["failover-2-a", "switchover-3-b", "switchover-4-c"].map((id, at) =>
  stateOf([{ kind: "started", at, id, runbook: "failover", plan: {} }]),
);
const found = (name: string): string => executionNamed(name, executions).id;

describe("an execution that is named", () => {
  it("by its number is counted from the newest, as castle runs lists them", () => {
    expect([1, 2, 3].map((number) => found(`${number}`))).to.deep.equal([
      "switchover-4-c",
      "switchover-3-b",
      "failover-2-a",
    ]);
  });

  it("by its name or the beginning of it is found, as long as only one begins so", () => {
    expect([found("switchover-3-b"), found("f"), found("switchover-4")]).to.deep.equal([
      "switchover-3-b",
      "failover-2-a",
      "switchover-4-c",
    ]);
  });

  for (const [name, told] of [
    ["switchover", /may be any of switchover-4-c, switchover-3-b: say more of it/],
    ["4", /castle runs lists 1 to 3/],
    ["0", /castle runs lists 1 to 3/],
    ["", /the latest are switchover-4-c,/],
    ["nobody", /there is no execution nobody; the latest are switchover-4-c,/],
  ] as const)
    it(`is told to be none: "${name}"`, () => {
      expect(() => found(name)).to.throw(told);
    });

  it("is told to be none while nothing is recorded", () => {
    expect(() => executionNamed("1", [])).to.throw("none is recorded");
  });
});
