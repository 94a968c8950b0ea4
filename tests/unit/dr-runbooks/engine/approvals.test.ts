import type { Approval, Approver, Asked } from "@castle/dr-runbooks/engine/approval.ts";
import { firstOf } from "@castle/dr-runbooks/engine/approval.ts";
import type { ExecutionEvent } from "@castle/dr-runbooks/engine/event.ts";
import { Paused } from "@castle/dr-runbooks/engine/interrupted.ts";
import { ExecutionRecord } from "@castle/dr-runbooks/engine/record.ts";
import { defineRunbook, type Part, type Runbook } from "@castle/dr-runbooks/engine/runbook.ts";
import { type RunOptions, run } from "@castle/dr-runbooks/engine/runner.ts";
import { openAsking } from "@castle/dr-runbooks/engine/state.ts";
import { milliseconds, minutes } from "@castle/regions/duration.ts";
import { expect } from "chai";
import { scratchFolder } from "./scratch.ts";
import { newWorld, passed, started, step, undoable, type World } from "./world.ts";

const by = { user: "ada", host: "console", pid: 7 };

const approval = (more: Partial<Approval<World>> = {}): Approval<World> => ({
  name: "hold",
  purpose: "Go on.",
  asks: async ({ effects }) => ({ figures: [`${effects.length} effects so far`] }),
  counts: minutes(5),
  word: () => "yes",
  ahead: true,
  ...more,
});

const runbook = (...parts: Part<World>[]): Runbook<World> =>
  defineRunbook({ name: "test", purpose: "Tests approvals.", parts, pointOfNoReturn: passed });

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
