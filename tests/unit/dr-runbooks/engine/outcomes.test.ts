import { ExecutionRecord } from "@castle/dr-runbooks/engine/record.ts";
import { defineRunbook } from "@castle/dr-runbooks/engine/runbook.ts";
import { run } from "@castle/dr-runbooks/engine/runner.ts";
import type { Step } from "@castle/dr-runbooks/engine/step.ts";
import { milliseconds } from "@castle/regions/duration.ts";
import { expect } from "chai";
import { scratchFolder } from "./scratch.ts";
import { begin, handover, newWorld, passed, step, undoable, type World } from "./world.ts";

const never = (): Promise<never> => new Promise(() => undefined);
const gone = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
const soon = { timeout: milliseconds(40) };

describe("the outcome of a step", () => {
  const folder = scratchFolder();

  const outcomeOf = async (late: Step<World>, world = newWorld()) => {
    const { outcome, told, state } = await begin(folder(), handover(late), world);
    const failed = told.find((event) => event.kind === "step-failed");
    const error = "error" in outcome ? outcome.error.message : "";
    return { outcome, how: failed?.how ?? state.settled.at(-1)?.outcome, error, state, world };
  };

  describe("is blocked", () => {
    it("when its precondition does not hold in time, and nothing was done", async () => {
      const held = step("late", { ...soon, precondition: async () => "the peer is not paired" });
      const { how, error, world } = await outcomeOf(held);
      expect(how).to.equal("blocked");
      expect(error).to.equal("late could not begin within 40 ms; last found: the peer is not paired");
      expect(world.effects).to.not.include("late");
    });

    it("when its precondition cannot be looked at", async () => {
      const held = step("late", { precondition: () => Promise.reject(new Error("no such column")) });
      expect(await outcomeOf(held)).to.include({ how: "blocked", error: "no such column" });
    });

    it("when its precondition does not answer", async () => {
      const silent = step("late", { ...soon, precondition: () => Promise.reject(gone) });
      const { how, error } = await outcomeOf(silent);
      expect(how).to.equal("blocked");
      expect(error).to.contain("last found: connect ECONNREFUSED");
    });

    it("and its precondition, when it holds after all too late, lets nothing begin", async () => {
      let hold: (found: true) => void = () => undefined;
      const held = step("late", {
        ...soon,
        precondition: () =>
          new Promise((resolve) => {
            hold = resolve;
          }),
      });
      const { how, world } = await outcomeOf(held);
      hold(true);
      for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
      expect(how).to.equal("blocked");
      expect(world.effects).to.not.include("late");
    });

    it("at the point of no return, which is then not passed: everything is taken back", async () => {
      const world = newWorld();
      const point = step("point", { ...soon, precondition: async () => "no" });
      const parts = [undoable("close"), point];
      const { outcome } = await begin(folder(), defineRunbook({ ...handover(), parts }), world);
      expect(outcome).to.include({ outcome: "undone", step: "point" });
      expect(world.effects).to.deep.equal(["close", "undo close"]);
    });

    it("not when it is done already: nobody asks then", async () => {
      const world = newWorld();
      world.done.add("late");
      const held = step("late", { precondition: () => Promise.reject(new Error("asked")) });
      expect((await outcomeOf(held, world)).how).to.equal("already-done");
    });

    it("until its precondition holds", async () => {
      let looks = 0;
      const held = step("late", { precondition: async () => ++looks === 3 || "not yet" });
      expect((await outcomeOf(held)).how).to.equal("done");
      expect(looks).to.equal(3);
    });
  });

  describe("is unknown", () => {
    it("when it was begun, ran out of time, and nothing answers what became of it", async () => {
      let asked = 0;
      const lost = step("late", {
        ...soon,
        run: never,
        isDone: async () => {
          asked += 1;
          if (asked > 1) throw gone;
          return false;
        },
      });
      expect((await outcomeOf(lost)).how).to.equal("unknown");
      expect(asked).to.equal(2);
    });

    it("when its answer was lost, and nothing can tell", async () => {
      const { isDone: _, ...lost } = step("late", {
        run: () => Promise.reject(gone),
        retry: { attempts: 1, pause: milliseconds(1), transient: () => true },
      });
      expect((await outcomeOf(lost)).how).to.equal("unknown");
    });

    it("and the next run asks before it does anything", async () => {
      const world = newWorld();
      let answers = true;
      const lost = step("late", {
        ...soon,
        isDone: async ({ done }) => {
          if (!answers) throw gone;
          return done.has("late");
        },
        run: async ({ done, effects }) => {
          effects.push("late");
          done.add("late");
          answers = false;
          await never();
        },
      });
      const { outcome, state } = await begin(folder(), handover(lost), world);
      expect(outcome.outcome).to.equal("stopped");
      expect(state.failure).to.include({ step: "late", how: "unknown" });
      answers = true;
      const again = await ExecutionRecord.open(folder(), "test-1");
      expect(await run({ runbook: handover(lost), context: world, record: again })).to.include({
        outcome: "done",
      });
      await again.close();
      expect(again.state.settled.at(-1)).to.include({ step: "late", outcome: "already-done" });
      expect(world.effects.filter((effect) => effect === "late")).to.have.length(1);
    });
  });

  it("is done when its answer was lost, and it is done all the same", async () => {
    const lost = step("late", {
      ...soon,
      run: async ({ done }) => {
        done.add("late");
        await never();
      },
    });
    expect((await outcomeOf(lost)).how).to.equal("done");
  });

  it("is timed out when it was begun, and is known not to be done", async () => {
    expect((await outcomeOf(step("late", { ...soon, run: never }))).how).to.equal("timed-out");
  });

  it("is timed out when it was not even begun", async () => {
    expect((await outcomeOf(step("late", { ...soon, isDone: never }))).how).to.equal("timed-out");
  });

  it("is failed when it answered that it cannot be done", async () => {
    let asked = 0;
    const wrong = step("late", {
      isDone: async () => ++asked > 1,
      run: () => Promise.reject(new Error("no such column")),
    });
    expect((await outcomeOf(wrong)).how).to.equal("failed");
    expect(asked, "it is not asked again").to.equal(1);
  });

  it("is told of a step that is not needed, too", async () => {
    const held = step("late", { ...soon, precondition: async () => "no", bestEffort: true });
    const { outcome, state } = await outcomeOf(held);
    expect(outcome.outcome).to.equal("done");
    expect(state.settled.at(-1)).to.include({ step: "late", outcome: "blocked" });
  });

  it("stays open when the point of no return was begun before, though it is blocked now", async () => {
    const world = newWorld();
    let blocked = false;
    const point = step("point", {
      ...soon,
      precondition: async () => !blocked || "no",
      run: () => Promise.reject(new Error("lost")),
    });
    const runbook = defineRunbook<World>({
      ...handover(),
      parts: [undoable("close"), point],
      pointOfNoReturn: passed,
    });
    expect((await begin(folder(), runbook, world)).outcome.outcome).to.equal("stopped");
    blocked = true;
    const again = await ExecutionRecord.open(folder(), "test-1");
    expect(await run({ runbook, context: world, record: again })).to.include({ outcome: "stopped" });
    await again.close();
  });
});
