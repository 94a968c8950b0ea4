import { PassThrough } from "node:stream";
import { lineDisplay, Running, tellEvent, tellRunning, tellSteps } from "@castle/dr-runbooks/cli/display.ts";
import { tellDetails, tellSummaries } from "@castle/dr-runbooks/cli/tell-runs.ts";
import type { FailedHow } from "@castle/dr-runbooks/engine/state.ts";
import { failover } from "@castle/dr-runbooks/runbooks/failover.ts";
import { failure } from "@castle/dr-runbooks/steps/failure.ts";
import { expect } from "chai";

const by = [{ user: "ada", host: "console", pid: 7 }];
const at = Date.UTC(2026, 10, 20, 12, 3, 4);

describe("executions in words", () => {
  const summary = {
    ...{ id: "failover-2", runbook: "failover", startedAt: at, endedAt: at + 900, ms: 900, by },
    waitsFor: null,
  };

  it("are a line each, in columns", () => {
    expect(
      tellSummaries([
        { number: 2, ...summary, state: "done" },
        { number: 1, ...summary, id: "switchover-3", state: "waiting", waitsFor: "hold", ms: 61_000, by: [] },
      ]),
    ).to.deep.equal([
      "2  failover-2    done                2026-11-20 12:03:04 UTC  900 ms  ada on console",
      "1  switchover-3  waiting (for hold)  2026-11-20 12:03:04 UTC  61.0 s  unknown",
    ]);
  });

  it("one by one tell each step, what a failure means, and how to go on", () => {
    const step = { startedAt: at, ms: 12, facts: {}, error: null };
    const lines = tellDetails({
      ...{ ...summary, state: "stopped", plan: {}, because: "too long" },
      steps: [
        { ...step, name: "replay-journal", outcome: "done", facts: { replayed: { A: 2 } } },
        { ...step, name: "open", outcome: "timed-out", error: "no answer", ms: null },
        { ...step, name: "promote-cache", outcome: "running" },
        { ...step, name: "pin", outcome: "not-begun", startedAt: null, ms: null },
      ],
      approvals: [
        {
          ...{ name: "hold", state: "given", figures: ["All is well."], until: at + 900 },
          answer: {
            ...{ at, how: "file", by: { user: "ada", host: "console", pid: 7 }, approver: "ada" },
            ...{ key: "SHA256:x", because: "it is" },
          },
          refused: [{ at, how: "file", because: "it is no signed approval", file: "a.json" }],
        },
      ],
      failure: { step: "open", ...failure("Nobody trades yet.", ["Look at the gate."]) },
      goOn: ["Go on with: castle resume failover-2"],
    });
    expect(lines).to.deep.equal([
      "failover-2: failover, stopped (too long)",
      "  begun 2026-11-20 12:03:04 UTC, 900 ms",
      "  by ada on console (process 7)",
      "",
      '  replay-journal             done         12 ms, replayed {"A":2}',
      "  open                       timed-out",
      "    no answer",
      "  promote-cache              running      since 2026-11-20 12:03:04 UTC, 12 ms",
      "  pin                        not-begun",
      "",
      "  hold                       given by ada, key SHA256:x, ada on console (process 7), by a signed file, 2026-11-20 12:03:04 UTC: it is",
      "    All is well.",
      "    refused a.json: it is no signed approval",
      "",
      "That open failed means: Nobody trades yet.",
      "  1. Look at the gate.",
      "",
      "Go on with: castle resume failover-2",
    ]);
  });
});

describe("a step that failed, in words,", () => {
  const told = (how: FailedHow): string | null =>
    tellEvent({ kind: "step-failed", at, step: "open", how, ms: 5, error: "no", tolerated: false });

  it("is told apart from one that did nothing, and from one whose fate nobody knows", () => {
    expect((["failed", "timed-out", "blocked", "unknown"] as const).map(told)).to.deep.equal([
      "open: failed (no)",
      "open: timed out (no)",
      "open: blocked, it did nothing (no)",
      "open: begun, and nobody can tell whether it is done; the next run asks first (no)",
    ]);
  });
});

describe("what a run tells of time", () => {
  const usual = new Map([["open", 1_500]]);

  it("beside each step, how long it usually takes", () => {
    const out = new PassThrough();
    const display = lineDisplay(out, usual);
    display.show({ kind: "step-done", at, step: "open", how: "done", ms: 20 });
    display.show({ kind: "step-done", at, step: "pin", how: "done", ms: 20 });
    expect(String(out.read()).split("\n").slice(0, 2)).to.deep.equal([
      "   0.000 s  open: done in 20 ms, usually 1.5 s",
      "   0.000 s  pin: done in 20 ms",
    ]);
    expect(tellSteps(failover, usual).find((line) => line.includes(" open "))).to.match(/ Usually 1.5 s\.$/);
  });

  it("what runs now, and since when", () => {
    const running = new Running();
    running.note({ kind: "step-started", at, step: "a" });
    running.note({ kind: "step-started", at, step: "b" });
    running.note({ kind: "step-done", at: at + 5, step: "a", how: "done", ms: 5 });
    expect(running.steps()).to.deep.equal(["b"]);
    expect(tellRunning(running.since("b") ?? 0, at + 4_000)).to.equal("12:03:04 UTC, 4.0 s");
  });
});
