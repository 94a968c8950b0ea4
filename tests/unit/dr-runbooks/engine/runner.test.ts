import { defineRunbook } from "@castle/dr-runbooks/engine/runbook.ts";
import type { Step } from "@castle/dr-runbooks/engine/step.ts";
import { expect } from "chai";
import { scratchFolder } from "./scratch.ts";
import { begin, branches, handover, newWorld, passed, step, undoable, type World } from "./world.ts";

describe("the runner", () => {
  const folder = scratchFolder();

  it("runs every step once, in order, branches beside each other, and finishes", async () => {
    const world = newWorld();
    const { outcome, state } = await begin(folder(), handover(branches, step("last")), world);
    expect(outcome).to.deep.equal({ outcome: "done" });
    expect(world.effects.slice(0, 3)).to.deep.equal(["look", "close", "point"]);
    expect(world.effects.slice(3, 6)).to.have.members(["a1", "a2", "b1"]);
    expect(world.effects.indexOf("a1")).to.be.lessThan(world.effects.indexOf("a2"));
    expect(world.effects[6]).to.equal("last");
    expect(state.finished?.outcome).to.equal("done");
  });

  it("lets a slow branch hold up only what comes behind both", async () => {
    const world = newWorld();
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const slow = step("slow", { run: () => held, isDone: async () => false, verify: async () => true });
    const quick = step("quick", { run: async () => letGo() });
    const { outcome } = await begin(
      folder(),
      handover({ together: [[slow], [{ ...quick, verify: async () => true }]] }, step("last")),
      world,
    );
    expect(outcome.outcome).to.equal("done");
  });

  it("tells a step that was done already, and verifies it all the same", async () => {
    const world = newWorld();
    world.done.add("look");
    let verified = 0;
    const look = step("look", {
      verify: async () => {
        verified += 1;
        return true;
      },
    });
    const { state } = await begin(folder(), { ...handover(), parts: [look, step("point")] }, world);
    expect(state.settled[0]).to.include({ step: "look", outcome: "already-done" });
    expect(world.effects).to.deep.equal(["point"]);
    expect(verified).to.equal(1);
  });

  it("keeps the facts a step leaves behind", async () => {
    const world = newWorld();
    const counts = step("counts", { run: async () => ({ copied: 7 }), verify: async () => true });
    const { state } = await begin(folder(), handover(counts), world);
    expect(state.settled.at(-1)?.facts).to.deep.equal({ copied: 7 });
  });
});

describe("the runner, when a step fails", () => {
  const folder = scratchFolder();

  const broken = (name: string, more: Partial<Step<World>> = {}): Step<World> =>
    step(name, {
      isDone: async () => false,
      run: () => Promise.reject(new Error(`${name} is broken`)),
      ...more,
    });

  it("before the point of no return, takes back what was begun, the last first, and is over", async () => {
    const world = newWorld();
    const runbook = defineRunbook<World>({
      name: "test",
      purpose: "Tests undoing.",
      parts: [undoable("one"), undoable("two"), broken("three"), step("point")],
      pointOfNoReturn: passed,
    });
    const { outcome, state } = await begin(folder(), runbook, world);
    expect(outcome).to.include({ outcome: "undone", step: "three" });
    expect(world.effects).to.deep.equal(["one", "two", "undo two", "undo one"]);
    expect(state.finished?.outcome).to.equal("undone");
    expect(state.settled).to.deep.equal([]);
  });

  it("half-way, takes that very step back too", async () => {
    const world = newWorld();
    const half = {
      ...undoable("half"),
      run: async ({ effects }: World) => {
        effects.push("half of it");
        throw new Error("died in the middle");
      },
    };
    const { outcome } = await begin(folder(), { ...handover(), parts: [half, step("point")] }, world);
    expect(outcome.outcome).to.equal("undone");
    expect(world.effects).to.deep.equal(["half of it", "undo half"]);
  });

  it("at the point of no return by a refusal, takes everything back", async () => {
    const world = newWorld();
    const refused = broken("point", { run: () => Promise.reject(new Error("refused by the witness")) });
    const { outcome } = await begin(folder(), { ...handover(), parts: [undoable("close"), refused] }, world);
    expect(outcome.outcome).to.equal("undone");
    expect(world.effects).to.deep.equal(["close", "undo close"]);
  });

  it("at the point of no return for a reason unknown, takes back and stays open to be continued", async () => {
    const world = newWorld();
    const { outcome, state } = await begin(
      folder(),
      { ...handover(), parts: [undoable("close"), broken("point")] },
      world,
    );
    expect(outcome).to.include({ outcome: "stopped", step: "point" });
    expect(world.effects).to.deep.equal(["close", "undo close"]);
    expect(state.finished).to.equal(null);
  });

  it("behind the point of no return, takes nothing back and stops", async () => {
    const world = newWorld();
    const { outcome, state } = await begin(folder(), handover(broken("late"), step("last")), world);
    expect(outcome).to.include({ outcome: "stopped", step: "late" });
    expect(world.effects).to.deep.equal(["look", "close", "point"]);
    expect(state.finished).to.equal(null);
    expect(state.failure).to.deep.equal({ step: "late", error: "late is broken", how: "failed" });
  });

  it("in one branch, lets the other finish its step and begin no further one", async () => {
    const world = newWorld();
    let failed = (): void => undefined;
    const untilFailed = new Promise<void>((resolve) => {
      failed = resolve;
    });
    const other = step("other", {
      run: async ({ done, effects }) => {
        await untilFailed;
        effects.push("other");
        done.add("other");
      },
    });
    const { outcome } = await begin(
      folder(),
      handover({ together: [[broken("bad", { run: failing })], [other, step("never")]] }),
      world,
    );
    async function failing(): Promise<void> {
      setImmediate(failed);
      throw new Error("bad is broken");
    }
    expect(outcome).to.include({ outcome: "stopped", step: "bad" });
    expect(world.effects).to.include("other").and.not.include("never");
  });

  it("goes on without it when it is best effort, and says so", async () => {
    const world = newWorld();
    const { outcome, state } = await begin(
      folder(),
      handover(broken("nice", { bestEffort: true }), step("last")),
      world,
    );
    expect(outcome.outcome).to.equal("done");
    expect(world.effects.at(-1)).to.equal("last");
    expect(state.settled.find((settled) => settled.step === "nice")).to.include({
      outcome: "failed",
      error: "nice is broken",
    });
  });

  it("lets the context decide what is best effort", async () => {
    const strict = broken("fence", { bestEffort: ({ done }) => done.has("consent") });
    expect((await begin(folder(), handover(strict), newWorld())).outcome.outcome).to.equal("stopped");
  });

  it("says when taking back failed, and stays open to be continued", async () => {
    const world = newWorld();
    const stuck = {
      ...undoable("close"),
      undo: { purpose: "Cannot.", run: () => Promise.reject(new Error("the gate is stuck")) },
    };
    const { outcome, state, told } = await begin(
      folder(),
      { ...handover(), parts: [stuck, broken("x"), step("point")] },
      world,
    );
    expect(outcome.outcome).to.equal("stopped");
    expect(told.map(({ kind }) => kind)).to.include("undo-failed");
    expect(state.finished).to.equal(null);
  });
});

describe("a runbook's definition", () => {
  it("refuses two steps of one name", () => {
    expect(() => handover(step("look"))).to.throw("are named look");
  });

  it("refuses a point of no return that is none of its steps", () => {
    expect(() => defineRunbook({ ...handover(), parts: [step("look")] })).to.throw("is none of its steps");
  });

  it("refuses an undo behind the point of no return", () => {
    expect(() => handover(undoable("late"))).to.throw("late cannot be undone behind point");
  });
});
