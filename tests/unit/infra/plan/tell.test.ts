import { tellPlan } from "@castle/infra/plan/tell/plan.ts";
import { expect } from "chai";
import { TestStack } from "./graphs.ts";

describe("a plan told in lines", () => {
  const stack = new TestStack();
  const cell = stack.add({ type: "castle:cell:Cell", name: "cell", kind: "component" });
  const inner = stack.add({ type: "castle:cell:Part", name: "part", kind: "component", parent: cell });
  stack.add({ type: "aws:sns/topic:Topic", name: "alarms", parent: inner, options: { protect: true } });
  stack.add({ type: "eks:index:Cluster", name: "cluster", kind: "remote", parent: cell });
  const plan = {
    version: 1 as const,
    madeAt: "2026-01-02T03:04:05.000Z",
    seconds: 4.25,
    stacks: [stack.graph()],
    findings: [{ check: "names" as const, stack: "prd", resource: inner.urn, message: "it is twice" }],
    comparison: null,
  };

  it("counts what is in each component, and shows no more unless it is asked", () => {
    expect(tellPlan(plan, false).slice(0, 3)).to.deep.equal([
      "prd: 2 resources in 2 components; 1 of them are made by plugins of more than one, 1 are protected",
      "└─ cell  Cell  2",
      "   └─ part  Part  1",
    ]);
    expect(tellPlan(plan, true)).to.include("   │  └─ alarms  aws:sns/topic:Topic · protected");
  });

  it("tells each check's verdict, what it found and where, and how long it all took", () => {
    const lines = tellPlan(plan, false);
    expect(lines).to.include("  prd: part (castle:cell:Part): it is twice");
    expect(lines).to.include("✓ every store is encrypted");
    expect(lines.at(-1)).to.match(/^✗ the plan fails: one stack in 4\.\d s$/);
  });
});
