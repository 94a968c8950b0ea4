import type { ExecutionEvent } from "@castle/dr-runbooks/engine/event.ts";
import { ExecutionRecord } from "@castle/dr-runbooks/engine/record.ts";
import { Interrupted, run } from "@castle/dr-runbooks/engine/runner.ts";
import { defineRunbook, type Runbook, type Step } from "@castle/dr-runbooks/engine/step.ts";
import { milliseconds, seconds } from "@castle/regions/duration.ts";
import { expect } from "chai";
import { scratchFolder } from "./scratch.ts";

/** What the steps of the tests act on. */
interface World {
  readonly done: Set<string>;
  /** Every effect in the order in which it was made; a name twice is an effect made twice. */
  readonly effects: string[];
}

const newWorld = (): World => ({ done: new Set(), effects: [] });

const step = (name: string, more: Partial<Step<World>> = {}): Step<World> => ({
  name,
  purpose: `Does ${name}.`,
  timeout: seconds(5),
  isDone: async ({ done }) => done.has(name),
  run: async ({ done, effects }) => {
    effects.push(name);
    done.add(name);
  },
  verify: async ({ done }) => done.has(name) || `${name} is not done`,
  ...more,
});

const undoable = (name: string): Step<World> =>
  step(name, {
    undo: {
      purpose: `Takes ${name} back.`,
      run: async ({ done, effects }) => {
        effects.push(`undo ${name}`);
        done.delete(name);
      },
    },
  });

const passed = { step: "point", notPassedWhen: (error: unknown) => String(error).includes("refused") };

const handover = (...after: Runbook<World>["parts"]): Runbook<World> =>
  defineRunbook({
    name: "test",
    purpose: "Tests the runner.",
    parts: [step("look"), undoable("close"), step("point"), ...after],
    pointOfNoReturn: passed,
  });

const branches = { together: [[step("a1"), step("a2")], [step("b1")]] };

const started = { kind: "started", at: 1, id: "test-1", runbook: "test", plan: {} } as const;

describe("the runner", () => {
  const folder = scratchFolder();
  const told: ExecutionEvent[] = [];
  const kinds = (): string[] =>
    told.map((event) => ("step" in event ? `${event.kind} ${event.step}` : event.kind));

  beforeEach(() => {
    told.length = 0;
  });

  async function begin(runbook: Runbook<World>, context: World, stop?: AbortSignal) {
    const record = await ExecutionRecord.create(folder(), started);
    const outcome = await run({
      runbook,
      context,
      record,
      onEvent: (event) => told.push(event),
      ...(stop ? { stop } : {}),
    });
    await record.close();
    return { outcome, state: record.state };
  }

  it("runs every step once, in order, branches beside each other, and finishes", async () => {
    const world = newWorld();
    const { outcome, state } = await begin(handover(branches, step("last")), world);
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
    const { state } = await begin({ ...handover(), parts: [look, step("point")] }, world);
    expect(state.settled[0]).to.include({ step: "look", outcome: "already-done" });
    expect(world.effects).to.deep.equal(["point"]);
    expect(verified).to.equal(1);
  });

  it("keeps the facts a step leaves behind", async () => {
    const world = newWorld();
    const counts = step("counts", { run: async () => ({ copied: 7 }), verify: async () => true });
    const { state } = await begin(handover(counts), world);
    expect(state.settled.at(-1)?.facts).to.deep.equal({ copied: 7 });
  });

  describe("when a step fails", () => {
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
      const { outcome, state } = await begin(runbook, world);
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
      const { outcome } = await begin({ ...handover(), parts: [half, step("point")] }, world);
      expect(outcome.outcome).to.equal("undone");
      expect(world.effects).to.deep.equal(["half of it", "undo half"]);
    });

    it("at the point of no return by a refusal, takes everything back", async () => {
      const world = newWorld();
      const refused = broken("point", { run: () => Promise.reject(new Error("refused by the witness")) });
      const { outcome } = await begin({ ...handover(), parts: [undoable("close"), refused] }, world);
      expect(outcome.outcome).to.equal("undone");
      expect(world.effects).to.deep.equal(["close", "undo close"]);
    });

    it("at the point of no return for a reason unknown, takes back and stays open to be continued", async () => {
      const world = newWorld();
      const { outcome, state } = await begin(
        { ...handover(), parts: [undoable("close"), broken("point")] },
        world,
      );
      expect(outcome).to.include({ outcome: "stopped", step: "point" });
      expect(world.effects).to.deep.equal(["close", "undo close"]);
      expect(state.finished).to.equal(null);
    });

    it("behind the point of no return, takes nothing back and stops", async () => {
      const world = newWorld();
      const { outcome, state } = await begin(handover(broken("late"), step("last")), world);
      expect(outcome).to.include({ outcome: "stopped", step: "late" });
      expect(world.effects).to.deep.equal(["look", "close", "point"]);
      expect(state.finished).to.equal(null);
      expect(state.failure).to.deep.equal({ step: "late", error: "late is broken" });
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
      expect((await begin(handover(strict), newWorld())).outcome.outcome).to.equal("stopped");
    });

    it("says when taking back failed, and stays open to be continued", async () => {
      const world = newWorld();
      const stuck = {
        ...undoable("close"),
        undo: { purpose: "Cannot.", run: () => Promise.reject(new Error("the gate is stuck")) },
      };
      const { outcome, state } = await begin(
        { ...handover(), parts: [stuck, broken("x"), step("point")] },
        world,
      );
      expect(outcome.outcome).to.equal("stopped");
      expect(kinds()).to.include("undo-failed close");
      expect(state.finished).to.equal(null);
    });
  });

  describe("with time", () => {
    const gone = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });

    it("tries a passing error again, asking first whether the failed attempt did it after all", async () => {
      const world = newWorld();
      const flaky = step("flaky", {
        run: async ({ done, effects }) => {
          effects.push("flaky");
          done.add("flaky");
          throw gone;
        },
      });
      const { outcome, state } = await begin(handover(flaky), world);
      expect(outcome.outcome).to.equal("done");
      expect(world.effects.filter((effect) => effect === "flaky")).to.have.length(1);
      expect(state.settled.at(-1)?.outcome, "its own work, though its answer got lost").to.equal("done");
    });

    it("stops trying at the step's timeout, and names what it last found", async () => {
      const flaky = step("flaky", { timeout: milliseconds(120), run: () => Promise.reject(gone) });
      const { outcome } = await begin(handover(flaky), newWorld());
      if (outcome.outcome !== "stopped") throw new Error(`ended as ${outcome.outcome}`);
      expect(outcome.error.message).to.match(
        /flaky was not done within 120 ms; last found: connect ECONNREFUSED/,
      );
    });

    it("keeps to the attempts of the step's own policy", async () => {
      let attempts = 0;
      const twice = step("twice", {
        run: async () => {
          attempts += 1;
          throw gone;
        },
        retry: { attempts: 2, pause: milliseconds(1), transient: () => true },
      });
      await begin(handover(twice), newWorld());
      expect(attempts).to.equal(2);
    });

    it("does not try again what cannot pass", async () => {
      let attempts = 0;
      const wrong = step("wrong", {
        run: async () => {
          attempts += 1;
          throw new Error("no such column");
        },
      });
      await begin(handover(wrong), newWorld());
      expect(attempts).to.equal(1);
    });

    it("gives up on a step that hangs and hears no signal", async () => {
      const deaf = step("deaf", { timeout: milliseconds(30), run: () => new Promise<void>(() => undefined) });
      const { outcome, state } = await begin(handover(deaf), newWorld());
      expect(outcome).to.include({ outcome: "stopped", step: "deaf" });
      expect(told.find((event) => event.kind === "step-failed")).to.include({ how: "timed-out" });
      expect(state.failure?.error).to.contain("nothing was heard of it");
    });

    it("verifies until it holds", async () => {
      let looks = 0;
      const late = step("late", { verify: async () => ++looks === 3 || `looked ${looks} times` });
      expect((await begin(handover(late), newWorld())).outcome.outcome).to.equal("done");
      expect(looks).to.equal(3);
    });

    it("fails a step whose verification never holds, and names why", async () => {
      const never = step("never", {
        timeout: milliseconds(80),
        verify: async () => "the writer is elsewhere",
      });
      const { outcome } = await begin(handover(never), newWorld());
      if (outcome.outcome !== "stopped") throw new Error(`ended as ${outcome.outcome}`);
      expect(outcome.error.message).to.contain("last found: the writer is elsewhere");
    });
  });

  describe("asked to stop", () => {
    const stopDuring = (name: string, stop: AbortController): Step<World> =>
      step(name, {
        run: async ({ done, effects }) => {
          stop.abort();
          effects.push(name);
          done.add(name);
        },
      });

    it("finishes the step at work, then stops, to be continued", async () => {
      const world = newWorld();
      const stop = new AbortController();
      const { outcome, state } = await begin(
        handover(stopDuring("late", stop), step("last")),
        world,
        stop.signal,
      );
      expect(outcome).to.include({ outcome: "stopped", step: "last" });
      if (outcome.outcome === "stopped") expect(outcome.error).to.be.instanceOf(Interrupted);
      expect(world.effects).to.deep.equal(["look", "close", "point", "late"]);
      expect(state.finished).to.equal(null);
    });

    it("before the point of no return, takes back first", async () => {
      const world = newWorld();
      const stop = new AbortController();
      const runbook = { ...handover(), parts: [undoable("close"), stopDuring("wait", stop), step("point")] };
      const { outcome, state } = await begin(runbook, world, stop.signal);
      expect(outcome.outcome).to.equal("stopped");
      expect(world.effects).to.deep.equal(["close", "wait", "undo close"]);
      expect(state.finished).to.equal(null);
    });
  });

  describe("killed and started again", () => {
    const runbook = handover(branches, step("last"));

    class Killed extends Error {}

    /** The process dies when it would write the `nth` event: before that event is on disk. */
    function dyingAt(record: ExecutionRecord, nth: number): Pick<ExecutionRecord, "state" | "append"> {
      let written = 0;
      return {
        get state() {
          return record.state;
        },
        append: async (event, how) => {
          written += 1;
          if (written >= nth) throw new Killed();
          await record.append(event, how);
        },
      };
    }

    const events = 2 * 7 + 1;
    for (let nth = 1; nth <= events; nth++)
      it(`before event ${nth} of ${events} is written, finishes the same execution, every effect once`, async () => {
        const world = newWorld();
        const record = await ExecutionRecord.create(folder(), started);
        const first = await run({ runbook, context: world, record: dyingAt(record, nth) }).catch(
          (error: unknown) => error,
        );
        expect(first).to.be.instanceOf(Killed);
        await record.close();

        const again = await ExecutionRecord.open(folder(), "test-1");
        const outcome = await run({ runbook, context: world, record: again });
        await again.close();
        expect(outcome.outcome).to.equal("done");
        expect(again.state.id).to.equal("test-1");
        expect(world.effects).to.have.members(["look", "close", "point", "a1", "a2", "b1", "last"]);
        expect(again.state.settled.map((settled) => settled.step)).to.have.members(world.effects);
      });

    it("does not ask again about steps that the record tells are settled", async () => {
      const world = newWorld();
      const record = await ExecutionRecord.create(folder(), started);
      await run({ runbook, context: world, record: dyingAt(record, 8) }).catch(() => undefined);
      await record.close();
      world.done.clear();
      const again = await ExecutionRecord.open(folder(), "test-1");
      await run({ runbook, context: world, record: again });
      await again.close();
      expect(world.effects.filter((effect) => ["look", "close", "point"].includes(effect))).to.have.length(3);
    });

    it("begins at the top when it is resumed from there", async () => {
      const world = newWorld();
      const record = await ExecutionRecord.create(folder(), started);
      await run({ runbook, context: world, record: dyingAt(record, 5) }).catch(() => undefined);
      await record.append({ kind: "resumed", at: 2, from: "top", plan: {} }, { durable: true });
      world.done.clear();
      await run({ runbook, context: world, record });
      await record.close();
      expect(world.effects.slice(0, 4)).to.deep.equal(["look", "close", "look", "close"]);
    });
  });
});

describe("a runbook's definition", () => {
  it("refuses two steps of one name", () => {
    expect(() => handover(step("look"))).to.throw("two steps are named look");
  });

  it("refuses a point of no return that is none of its steps", () => {
    expect(() => defineRunbook({ ...handover(), parts: [step("look")] })).to.throw("is none of its steps");
  });

  it("refuses an undo behind the point of no return", () => {
    expect(() => handover(undoable("late"))).to.throw("late cannot be undone behind point");
  });
});
