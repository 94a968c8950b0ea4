import { Interrupted } from "@castle/dr-runbooks/engine/interrupted.ts";
import { ExecutionRecord } from "@castle/dr-runbooks/engine/record.ts";
import { run } from "@castle/dr-runbooks/engine/runner.ts";
import type { Step } from "@castle/dr-runbooks/engine/step.ts";
import { expect } from "chai";
import { scratchFolder } from "./scratch.ts";
import { begin, branches, handover, newWorld, started, step, undoable, type World } from "./world.ts";

describe("a run that is asked to stop", () => {
  const folder = scratchFolder();

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
      folder(),
      handover(stopDuring("late", stop), step("last")),
      world,
      { stop: stop.signal },
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
    const { outcome, state } = await begin(folder(), runbook, world, { stop: stop.signal });
    expect(outcome.outcome).to.equal("stopped");
    expect(world.effects).to.deep.equal(["close", "wait", "undo close"]);
    expect(state.finished).to.equal(null);
  });
});

describe("a run that is killed and started again", () => {
  const folder = scratchFolder();

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
