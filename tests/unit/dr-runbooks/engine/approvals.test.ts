import type { Approver, Asked } from "@castle/dr-runbooks/engine/approval.ts";
import { firstOf } from "@castle/dr-runbooks/engine/approval.ts";
import type { ExecutionEvent } from "@castle/dr-runbooks/engine/event.ts";
import { Paused } from "@castle/dr-runbooks/engine/interrupted.ts";
import { ExecutionRecord } from "@castle/dr-runbooks/engine/record.ts";
import { type RunOptions, run } from "@castle/dr-runbooks/engine/runner.ts";
import { openAsking } from "@castle/dr-runbooks/engine/state.ts";
import { milliseconds, minutes } from "@castle/regions/duration.ts";
import { expect } from "chai";
import { approval, runbook } from "./asking.ts";
import { scratchFolder } from "./scratch.ts";
import { newWorld, started, step, undoable, type World } from "./world.ts";

const by = { user: "ada", host: "console", pid: 7 };

const agrees: Approver = async () => ({ agreed: true, how: "terminal", by });
const refuses: Approver = async () => ({ agreed: false, how: "terminal", by, because: "not yet" });
const never: Approver = () => new Promise(() => undefined);

const failing = (): Promise<void> => Promise.reject(new Error("broken"));

describe("a runbook that asks for approval", () => {
  const folder = scratchFolder();
  const held = runbook(undoable("close"), step("point"), approval(), step("last"));

  async function execute(options: Partial<RunOptions<World>> & { again?: boolean } = {}) {
    const told: ExecutionEvent[] = [];
    const { again, ...rest } = options;
    const record = await (again
      ? ExecutionRecord.open(folder(), "test-1")
      : ExecutionRecord.create(folder(), started));
    const world = rest.context ?? newWorld();
    const outcome = await run({
      ...{ runbook: held, record, onEvent: (event: ExecutionEvent) => void told.push(event) },
      ...{ ...rest, context: world },
    });
    await record.close();
    const kinds = told.map(({ kind }) => kind);
    return { outcome, world, state: record.state, told, kinds };
  }

  it("goes on once somebody agreed: figures, who, how and until when stand in the record", async () => {
    const asked: Asked[] = [];
    const { outcome, world, state } = await execute({
      approver: (question, asking) => {
        asked.push(question);
        return agrees(question, asking);
      },
    });
    expect(outcome.outcome).to.equal("done");
    expect(world.effects).to.deep.equal(["close", "point", "last"]);
    expect(asked[0]).to.deep.include({
      execution: "test-1",
      approval: "hold",
      figures: ["2 effects so far"],
    });
    const { given } = state.approvals.hold ?? expect.fail("nothing is known of it");
    expect(given).to.deep.include({
      how: "terminal",
      by,
      figures: ["2 effects so far"],
      digest: asked[0]?.digest,
    });
    expect((given?.until ?? 0) - (asked[0]?.measuredAt ?? 0)).to.equal(minutes(5).ms);
  });

  it("ends where nobody agrees, and asks again when it is run again", async () => {
    const { outcome, world, state } = await execute({ approver: refuses });
    expect(outcome).to.include({ outcome: "stopped", step: "hold" });
    expect(world.effects).to.deep.equal(["close", "point"]);
    expect(openAsking(state, Date.now()), "a refusal is an answer").to.equal(null);
    const second = await execute({ again: true, context: world, approver: agrees });
    expect(second.outcome.outcome).to.equal("done");
    expect(second.state.approvals.hold?.asked).to.have.length(2);
  });

  it("takes back what was done, where nobody agrees before the point of no return, and is over", async () => {
    const early = runbook(undoable("close"), approval(), step("point"));
    const { outcome, world, state } = await execute({ runbook: early, approver: refuses });
    expect(outcome).to.include({ outcome: "undone", step: "hold" });
    expect(world.effects).to.deep.equal(["close", "undo close"]);
    expect(state.finished?.because).to.contain("hold was not approved: not yet");
  });

  it("ends where there is nobody to ask", async () => {
    const { outcome } = await execute();
    expect(outcome.outcome === "stopped" && outcome.error.message).to.contain("nobody can be asked for hold");
  });

  it("does not take an answer that comes too late: fresh figures are measured, and asked about", async () => {
    const asked: Asked[] = [];
    const slow = runbook(step("point"), approval({ counts: milliseconds(20) }), step("last"));
    const { outcome } = await execute({
      runbook: slow,
      approver: (question, asking) => {
        asked.push(question);
        return asked.length < 3 ? never(question, asking) : agrees(question, asking);
      },
    });
    expect(outcome.outcome).to.equal("done");
    // On a busy machine the answer to the third question may come too late as well.
    expect(asked).to.have.length.of.at.least(3);
    expect(new Set(asked.map(({ digest }) => digest)).size).to.equal(asked.length);
  });

  it("stops while it waits when an operator wishes so; an answer given meanwhile counts for the next run", async () => {
    const stop = new AbortController();
    const first = await execute({
      stop: stop.signal,
      approver: (question, asking) => {
        stop.abort();
        return never(question, asking);
      },
    });
    expect(first.outcome.outcome === "stopped" && first.outcome.error.name).to.equal("Interrupted");
    const open = openAsking(first.state, Date.now()) ?? expect.fail("it is not asked any more");
    const digests: string[] = [];
    await execute({
      ...{ again: true, context: first.world },
      approver: (question, asking) => {
        digests.push(question.digest);
        return agrees(question, asking);
      },
    });
    expect(digests, "the same question").to.deep.equal([open.digest]);
  });

  it("tells who paused it, and why, and is paused while it waits as well", async () => {
    const stop = new AbortController();
    const { kinds, state } = await execute({
      stop: stop.signal,
      approver: (question, asking) => {
        stop.abort(new Paused({ by, because: "lunch" }));
        return never(question, asking);
      },
    });
    expect(kinds.slice(-2)).to.deep.equal(["paused", "stopped"]);
    expect(state.paused).to.deep.equal({ by, because: "lunch" });
    expect(state.stopped).to.equal("paused by ada on console (process 7): lunch");
  });

  it("looks for such a wish before each step", async () => {
    const stop = new AbortController();
    let looked = 0;
    const look = async (): Promise<void> => {
      looked += 1;
      if (looked === 2) stop.abort(new Paused({ by, because: "lunch" }));
    };
    const { outcome, world } = await execute({ stop: stop.signal, look, approver: agrees });
    expect(outcome).to.include({ outcome: "stopped", step: "point" });
    expect(world.effects).to.deep.equal(["close", "undo close"]);
  });

  it("passes an approval over whose condition does not hold, and withdraws an answer given before", async () => {
    const when = { words: "the moon is full", holds: async ({ done }: World) => done.has("moon") };
    const moonlit = runbook(step("point"), approval({ when }), step("last", { run: failing }));
    const moon = newWorld();
    moon.done.add("moon");
    const first = await execute({ runbook: moonlit, context: moon, approver: agrees });
    const { given } = first.state.approvals.hold ?? expect.fail("nothing is known of it");
    const record = await ExecutionRecord.open(folder(), "test-1");
    await record.append({ ...(given ?? expect.fail("not given")), until: 1 }, { durable: true });
    await record.close();

    moon.done.delete("moon");
    const second = await execute({ again: true, runbook: moonlit, context: moon, approver: never });
    expect(second.kinds).to.include("passed-over");
    expect(second.state.approvals.hold).to.include({ given: null, passedOver: "the moon is full" });
  });

  it("does not go on where a condition cannot be found out", async () => {
    const when = { words: "the moon is full", holds: () => Promise.reject(new Error("clouds")) };
    const { outcome, world } = await execute({
      runbook: runbook(step("point"), approval({ when }), step("last")),
      approver: agrees,
    });
    expect(outcome.outcome).to.equal("stopped");
    expect(world.effects).to.deep.equal(["point"]);
  });

  it("asks several at once, and takes the first answer", async () => {
    const { state } = await execute({ approver: firstOf(() => null, never, agrees) });
    expect(state.approvals.hold?.given).to.include({ how: "terminal" });
  });
});
