import { type FrameOf, frame } from "@castle/dr-runbooks/cli/frame.ts";
import { Progress } from "@castle/dr-runbooks/cli/progress.ts";
import { unpainted } from "@castle/dr-runbooks/cli/tell-readiness.ts";
import { TerminalDisplay } from "@castle/dr-runbooks/cli/terminal-display.ts";
import type { ExecutionEvent } from "@castle/dr-runbooks/engine/event.ts";
import { defineRunbook } from "@castle/dr-runbooks/engine/runbook.ts";
import type { Step } from "@castle/dr-runbooks/engine/step.ts";
import { catalogue } from "@castle/dr-runbooks/runbooks/catalogue.ts";
import type { TradersTold } from "@castle/dr-runbooks/traders/traders-view.ts";
import { seconds } from "@castle/regions/duration.ts";
import { expect } from "chai";

const step = (name: string): Step<never> => ({
  name,
  purpose: `Do ${name}.`,
  timeout: seconds(1),
  run: async () => undefined,
});
const runbook = defineRunbook<never>({
  name: "example",
  purpose: "Show something.",
  parts: [step("a"), { together: [[step("b1"), step("b2")], [step("c")]] }, step("d"), step("e")],
  pointOfNoReturn: { step: "a", notPassedWhen: () => false },
});
const done = (name: string): ExecutionEvent => ({
  kind: "step-done",
  at: 0,
  step: name,
  how: "done",
  ms: 20,
});
const begun = (name: string, at = 0): ExecutionEvent => ({ kind: "step-started", at, step: name });
const told = (change: Partial<TradersTold> = {}): TradersTold => ({
  ...{ kind: "traders", at: 0, region: "eu-central-1" },
  ...{ acknowledgedPerSecond: 480.4, errorsPerSecond: 1.5, p99Ms: 42 },
  ...change,
});

function lines(
  events: readonly ExecutionEvent[],
  change: Partial<FrameOf> = {},
  size = { columns: 80, rows: 24 },
): string[] {
  const progress = new Progress(runbook, new Map([["b1", 1_500]]));
  for (const event of events) progress.note(event);
  const { parts } = progress;
  const shown = { title: "x", began: 0, now: 3_000, awaiting: new Map(), traders: [], parts, ...change };
  return frame(shown, size, unpainted);
}

describe("a run on a terminal", () => {
  it("shows what is done, what runs and since when, how long it took last time, and what comes next", () => {
    expect(lines([begun("a"), done("a"), begun("b1", 1_000), begun("c", 1_000), done("c")])).to.deep.equal([
      "x  3.0 s",
      "✓ a                          20 ms",
      "▶ │ b1                       since 00:00:01 UTC, 2.0 s, usually 1.5 s",
      "     Do b1.",
      "· │ b2",
      "✓ │ c                        20 ms",
      "· d",
      "· e",
      "next: b2. Do b2.",
    ]);
  });

  it("shows what a step waits for in place of its purpose", () => {
    const awaiting = new Map([["a", "waits: nobody is there"]]);
    expect(lines([begun("a")], { awaiting })).to.include("     waits: nobody is there");
  });

  it("shows what traders meet in each cell, and a dash for a cell that tells nothing", () => {
    const because = "none of its gateways answers";
    const traders = [told(), told({ region: "eu-west-1", acknowledgedPerSecond: null, because })];
    expect(lines([], { traders }).slice(-2)).to.deep.equal([
      "traders eu-central-1    480/s acknowledged    1.5/s errors  p99    42 ms",
      "        eu-west-1     –  none of its gateways answers",
    ]);
    expect(lines([], { traders: [told({ p99Ms: null })] }).at(-1)).to.match(/p99 +–$/);
  });

  it("takes what an execution did before as done, once it goes on behind it", () => {
    const shown = lines([begun("d")]);
    for (const name of ["a", "│ b1", "│ b2", "│ c"])
      expect(shown.find((line) => line.startsWith(`✓ ${name}`))).to.contain("in an earlier run");
    expect(lines([begun("b2")]).find((line) => line.startsWith("· │ c"))).to.be.a("string");
  });

  it("says of a step that failed what it said, in one line", () => {
    const failed = { kind: "step-failed", at: 0, step: "a", how: "failed", ms: 1, tolerated: false } as const;
    expect(lines([{ ...failed, error: "no answer\nat all" }])).to.include(
      "✗ a                          no answer",
    );
  });

  for (const { runbook: any } of catalogue)
    for (const [columns, rows] of [
      [80, 24],
      [40, 12],
      [200, 60],
    ] as const)
      it(`fits ${columns} × ${rows}, whatever step of ${any.name} runs`, () => {
        const progress = new Progress(any);
        const { parts } = progress;
        for (const { name } of parts) {
          progress.note(begun(name));
          const shown = {
            title: "x",
            began: 0,
            now: 3_000,
            awaiting: new Map(),
            traders: [told(), told()],
            parts,
          };
          const drawn = frame(shown, { columns, rows }, unpainted);
          expect(drawn.length).to.be.lessThan(rows);
          for (const line of drawn) expect(line.length).to.be.lessThan(columns);
          expect(drawn.some((line) => line.startsWith("▶ ") && line.includes(name.slice(0, 20)))).to.equal(
            true,
          );
          progress.note(done(name));
        }
      });
});

describe("the display of a terminal", () => {
  const drawn = () => {
    const written: string[] = [];
    const screen = { columns: 80, rows: 24, write: (text: unknown) => written.push(String(text)) > 0 };
    return { written, display: new TerminalDisplay(runbook, new Map(), screen) };
  };
  /** What is on the screen, as a terminal has it after it was told to go up and erase. */
  const onScreen = (written: readonly string[]): string[] =>
    written.reduce<string[]>((screen, text) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal is told by.
      const [, up] = /^\x1b\[(\d+)A\x1b\[0J$/.exec(text) ?? [];
      if (up !== undefined) return screen.slice(0, screen.length - Number(up));
      return screen.concat(text.trimEnd().split("\n"));
    }, []);

  it("draws in place: one frame stands there, with what is to be read above and below", async () => {
    const { written, display } = drawn();
    display.show({ kind: "started", at: Date.now(), id: "example-1", runbook: "example", plan: {} });
    for (const name of ["a", "b1"]) {
      display.show(begun(name));
      display.show(done(name));
    }
    display.traders(told());
    display.note("stopping behind the step at work");
    display.show({ kind: "stopped", at: 0, because: "the operator wished so" });
    await display.end();
    const screen = onScreen(written);
    expect(screen.filter((line) => line.startsWith("example-1"))).to.have.length(1);
    expect(screen[0]).to.equal("stopping behind the step at work");
    expect(screen.at(-1)).to.equal("stopped: the operator wished so");
    expect(screen.filter((line) => line.startsWith("✓"))).to.have.length(2);
  });

  it("stands still while somebody is asked", async () => {
    const { written, display } = drawn();
    const by = { user: "ann", host: "h", pid: 1 };
    display.show({
      ...{
        kind: "approval-asked",
        at: 0,
        approval: "consent",
        purpose: "Consent.",
        figures: ["42 s in solo"],
      },
      ...{ until: 1_000, digest: "d" },
    } as ExecutionEvent);
    const before = written.length;
    display.traders(told());
    expect(written).to.have.length(before);
    expect(onScreen(written).at(-1)).to.contain("42 s in solo");
    display.show({
      kind: "approval-given",
      at: 0,
      approval: "consent",
      how: "terminal",
      by,
    } as ExecutionEvent);
    expect(written.length).to.be.greaterThan(before);
    await display.end();
  });
});
