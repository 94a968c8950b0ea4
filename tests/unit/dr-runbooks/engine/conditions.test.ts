import { ExecutionRecord } from "@castle/dr-runbooks/engine/record.ts";
import { run } from "@castle/dr-runbooks/engine/runner.ts";
import { milliseconds } from "@castle/regions/duration.ts";
import { expect } from "chai";
import { approval, runbook } from "./asking.ts";
import { scratchFolder } from "./scratch.ts";
import { newWorld, started, step, type World } from "./world.ts";

describe("a runbook with conditions", () => {
  const folder = scratchFolder();
  const only = (name: string) => ({
    words: `${name} is wanted`,
    holds: async ({ done }: World) => done.has(`wants ${name}`),
  });
  const conditional = runbook(
    step("point"),
    step("one", { when: only("one") }),
    {
      together: [[step("two"), step("three", { when: only("three") })], [step("four")]],
      when: only("group"),
    },
    step("last"),
  );

  async function execute(...wants: string[]) {
    const world = newWorld();
    for (const name of wants) world.done.add(`wants ${name}`);
    const record = await ExecutionRecord.create(folder(), started);
    const { outcome } = await run({ runbook: conditional, context: world, record });
    await record.close();
    const outcomes = Object.fromEntries(
      record.state.settled.map((settled) => [settled.step, settled.outcome]),
    );
    return { outcome, effects: world.effects, outcomes };
  }

  it("carries out what is wanted", async () => {
    const { effects } = await execute("one", "three", "group");
    expect(effects).to.have.members(["point", "one", "two", "three", "four", "last"]);
  });

  it("passes over what is not, a step, a step of a branch or a whole group, and settles it so", async () => {
    const { outcome, effects, outcomes } = await execute("group");
    expect(outcome).to.equal("done");
    expect(effects).to.have.members(["point", "two", "four", "last"]);
    expect(outcomes).to.include({ one: "passed-over", three: "passed-over", two: "done" });
  });

  it("passes over every step of a group", async () => {
    const { outcomes } = await execute("one", "three");
    expect(outcomes).to.include({
      one: "done",
      two: "passed-over",
      three: "passed-over",
      four: "passed-over",
    });
  });

  it("goes on with what an earlier run began, though its condition does not hold any more", async () => {
    const world = newWorld();
    const record = await ExecutionRecord.create(folder(), started);
    await record.append({ kind: "step-started", at: 2, step: "one" }, { durable: true });
    await run({ runbook: conditional, context: world, record });
    await record.close();
    expect(world.effects).to.deep.equal(["point", "one", "last"]);
  });

  it("asks anew when it begins at the top again", async () => {
    const world = newWorld();
    const record = await ExecutionRecord.create(folder(), started);
    await record.append({ kind: "step-started", at: 2, step: "one" }, { durable: true });
    await record.append({ kind: "resumed", at: 3, from: "top", plan: {} }, { durable: true });
    await run({ runbook: conditional, context: world, record });
    await record.close();
    expect(world.effects).to.deep.equal(["point", "last"]);
  });
});

describe("a runbook's definition with approvals and conditions", () => {
  const when = { words: "it is wanted", holds: async () => true };

  const mistakes: [string, () => unknown, string][] = [
    [
      "an approval of a step's name",
      () => runbook(approval({ name: "point" }), step("point")),
      "are named point",
    ],
    [
      "an approval of nothing",
      () => runbook(step("point"), approval()),
      "behind hold nothing is left to approve",
    ],
    [
      "an answer that never counts",
      () => runbook(approval({ counts: milliseconds(0) }), step("point")),
      "an answer to hold would never count",
    ],
    [
      "a point of no return that may be passed over",
      () => runbook(step("point", { when })),
      "must not be passed over",
    ],
    [
      "a condition without words",
      () => runbook(step("point"), step("last", { when: { ...when, words: " " } })),
      "a condition has no words",
    ],
  ];
  for (const [what, define, told] of mistakes)
    it(`refuses ${what}`, () => {
      expect(define).to.throw(told);
    });
});
