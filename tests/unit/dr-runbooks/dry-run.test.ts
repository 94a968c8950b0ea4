import { expectedDurations, totalMs } from "@castle/dr-runbooks/dry-run/durations.ts";
import { type Look, lookAt } from "@castle/dr-runbooks/dry-run/look.ts";
import { judge, judgedBehind, type Verdict } from "@castle/dr-runbooks/dry-run/verdict.ts";
import type { Approval } from "@castle/dr-runbooks/engine/approval.ts";
import { defineRunbook, namedPartsOf, stepsOf } from "@castle/dr-runbooks/engine/runbook.ts";
import type { Step } from "@castle/dr-runbooks/engine/step.ts";
import { catalogue } from "@castle/dr-runbooks/runbooks/catalogue.ts";
import { seconds } from "@castle/regions/duration.ts";
import { expect } from "chai";

const step = (name: string, more: Partial<Step<object>> = {}): Step<object> => ({
  name,
  purpose: "Do it.",
  timeout: seconds(1),
  run: async () => expect.fail("a dry run ran a step"),
  ...more,
});

const runbook = defineRunbook<object>({
  name: "rehearsed",
  purpose: "Be rehearsed.",
  parts: [
    step("close-old-cell"),
    step("drain"),
    { together: [[step("b1"), step("b2")], [step("c")]] },
    step("last"),
  ],
  pointOfNoReturn: { step: "drain", notPassedWhen: () => false },
});

const looks = (of: Record<string, Partial<Look>>): ReadonlyMap<string, Look> =>
  new Map(stepsOf(runbook).map(({ name }) => [name, { done: false, ready: true, ...of[name] }] as const));

const verdicts = (of: Record<string, Partial<Look>>, settled: string[] = []): Record<string, Verdict> =>
  Object.fromEntries(judge(runbook, looks(of), new Set(settled)).map((found) => [found.step, found.verdict]));

const why = (name: string, of: Record<string, Partial<Look>>): string | null | undefined =>
  judge(runbook, looks(of), new Set()).find((found) => found.step === name)?.why;

describe("the verdict of a dry run", () => {
  it("is that a step would run, unless it is done", () => {
    expect(verdicts({ c: { done: true } })).to.include({
      "close-old-cell": "would-run",
      c: "done",
      last: "would-run",
    });
  });

  it("skips what an execution to be continued has behind it, whatever the check says", () => {
    expect(verdicts({ "close-old-cell": { ready: "no" } }, ["close-old-cell"])).to.include({
      "close-old-cell": "done",
    });
  });

  it("is blocked where nothing before would bring about what has to hold", () => {
    expect(verdicts({ "close-old-cell": { ready: "it is solo" } })).to.include({
      "close-old-cell": "blocked",
    });
    expect(why("close-old-cell", { "close-old-cell": { ready: "it is solo" } })).to.equal("it is solo");
  });

  it("is not blocked where a step before may still bring it about", () => {
    expect(verdicts({ b1: { ready: "not fenced" } })).to.include({ b1: "would-run" });
    expect(why("b1", { b1: { ready: "not fenced" } })).to.equal("not yet: not fenced");
  });

  it("does not count on a step of the other branch", () => {
    const before = { "close-old-cell": { done: true }, drain: { done: true } };
    expect(verdicts({ ...before, c: { ready: "no" } })).to.include({ b1: "would-run", c: "blocked" });
    expect(verdicts({ ...before, b2: { ready: "no" } })).to.include({ b1: "would-run", b2: "would-run" });
    expect(verdicts({ ...before, last: { ready: "no" } })).to.include({ last: "would-run" });
  });

  it("does not believe what is found done before another step has run", () => {
    expect(verdicts({ drain: { done: true } })).to.include({ drain: "would-run" });
    expect(why("drain", { drain: { done: true } })).to.contain("looked at again behind close-old-cell");
    expect(verdicts({ drain: { done: true }, "close-old-cell": { done: true } })).to.include({
      drain: "done",
    });
  });

  it("says so where a check found nothing out", () => {
    expect(verdicts({ c: { done: { unjudged: "gone" } }, last: { ready: { unjudged: "gone" } } })).to.include(
      {
        c: "unjudged",
        last: "unjudged",
      },
    );
    expect(why("c", { c: { done: { unjudged: "gone" } } })).to.equal("cannot be judged: gone");
  });

  it("passes over what has a condition that does not hold, and what stands behind it meets the world as it is", () => {
    const before = { "close-old-cell": { done: true }, drain: { applies: { onlyIf: "it is full" } } };
    expect(verdicts({ ...before, b1: { ready: "no" } })).to.include({ drain: "passed-over", b1: "blocked" });
    expect(why("drain", before)).to.equal("not now: only if it is full");
    expect(verdicts({ drain: { applies: { unjudged: "gone" } } })).to.include({ drain: "unjudged" });
    expect(verdicts({ drain: { applies: true } })).to.include({ drain: "would-run" });
  });

  describe("of an approval", () => {
    const when = { words: "it is wanted", holds: async () => true };
    const asked = (name: string, look: Partial<Look>, settled: string[] = [], more: Partial<Look> = {}) => {
      const approval: Approval<object> = {
        ...{ name, purpose: "Go on.", asks: async () => expect.fail("a dry run asked"), when },
        ...{ counts: seconds(1), word: () => "yes", ahead: true },
      };
      const parts = [step("fence-old-cell"), approval, step("last")];
      const asking = { ...runbook, parts, pointOfNoReturn: { ...runbook.pointOfNoReturn, step: "last" } };
      const looked = new Map<string, Look>([
        ["fence-old-cell", { done: false, ready: true, ...more }],
        [name, { done: false, ready: true, ...look }],
        ["last", { done: false, ready: true }],
      ]);
      return judge(asking, looked, new Set(settled)).find((found) => found.step === name);
    };

    it("is that it would be asked, or passed over", () => {
      expect(asked("hold", { applies: true })).to.include({ verdict: "would-ask" });
      expect(asked("hold", { applies: true })?.why).to.equal("Go on. Since it is wanted.");
      expect(asked("hold", { applies: { onlyIf: "it is wanted" } })).to.include({ verdict: "passed-over" });
    });

    it("is done once the execution has behind it what it is about", () => {
      expect(asked("hold", { applies: true }, ["fence-old-cell", "last"])).to.include({ verdict: "done" });
    });

    it("waits for the step that its condition depends on", () => {
      const fence = "consent-past-the-fence";
      expect(asked(fence, { applies: true })).to.include({ verdict: "may-ask" });
      expect(asked(fence, { applies: true }, [], { done: true })).to.include({ verdict: "would-ask" });
    });
  });

  it("knows every step whose check depends on another", () => {
    const names = new Set(catalogue.flatMap((entry) => namedPartsOf(entry.runbook)).map(({ name }) => name));
    for (const [name, behind] of Object.entries(judgedBehind)) {
      expect(names).to.include(name);
      expect(names).to.include(behind);
    }
  });
});

describe("a look at a step", () => {
  it("asks the checks, and runs nothing", async () => {
    const looked = await lookAt(
      step("a", { isDone: async () => true, precondition: async () => "not yet" }),
      {},
    );
    expect(looked).to.deep.equal({ done: true, ready: "not yet" });
    expect(await lookAt(step("b"), {})).to.deep.equal({ done: false, ready: true });
  });

  it("tells what a check fell over", async () => {
    const fails = step("a", {
      isDone: async () => {
        throw new Error("no such table");
      },
    });
    expect((await lookAt(fails, {})).done).to.deep.equal({ unjudged: "no such table" });
  });

  it("asks again after what passes by itself", async () => {
    let asked = 0;
    const shaky = step("a", {
      isDone: async () => {
        asked += 1;
        if (asked === 1) throw Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
        return true;
      },
    });
    expect((await lookAt(shaky, {})).done).to.equal(true);
  });
});

describe("how long a handover is expected to take", () => {
  it("is what past executions took, what AWS publishes where nothing was measured, and unknown otherwise", () => {
    const expected = expectedDurations(new Map([["promote-cache", 900]]), "aws");
    expect(expected.get("promote-cache")).to.deep.equal({ ms: 900, from: "past-executions" });
    expect(expected.get("promote-database")).to.deep.equal({ ms: 60_000, from: "aws" });
    expect(expected.get("open")).to.equal(undefined);
  });

  it("is what past executions took, and nothing else, in a lab: AWS's durations are not its own", () =>
    expect([...expectedDurations(new Map([["promote-cache", 900]]), "lab").keys()]).to.deep.equal([
      "promote-cache",
    ]));

  it("adds steps up, and takes the longest of branches beside each other", () => {
    const took: Record<string, number> = { "close-old-cell": 1, drain: 2, b1: 10, b2: 20, c: 25, last: 100 };
    expect(totalMs(runbook, (name) => took[name] ?? 0)).to.equal(133);
  });
});
