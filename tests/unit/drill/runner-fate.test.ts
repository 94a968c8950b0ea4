import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Fate } from "@castle/lab/drill/runner-fate.ts";
import type { RunnerFate } from "@castle/lab/drill/schedule.ts";
import { expect } from "chai";

describe("what befalls a runner", () => {
  const running: ChildProcess[] = [];
  const endless = (): ChildProcess => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"], { stdio: "ignore" });
    running.push(child);
    return child;
  };
  afterEach(() => {
    for (const child of running.splice(0)) child.kill("SIGKILL");
  });

  async function hearing(runner: RunnerFate, lines: number): Promise<{ fate: Fate; child: ChildProcess }> {
    const child = endless();
    await once(child, "spawn");
    const fate = new Fate(runner, new AbortController().signal);
    for (let line = 0; line < lines; line++) fate.hear(child);
    await fate.over();
    return { fate, child };
  }

  it("is a kill at its line", async () => {
    const { fate, child } = await hearing({ fate: "killed", line: 2, afterMs: 0 }, 3);
    expect(fate.met).to.equal("killed");
    if (child.signalCode === null) await once(child, "exit");
    expect(child.signalCode).to.equal("SIGKILL");
  });

  it("is nothing before its line", async () => {
    const { fate, child } = await hearing({ fate: "killed", line: 2, afterMs: 0 }, 1);
    expect(fate.met).to.equal("lives");
    expect(child.signalCode).to.equal(null);
  });

  it("is nothing to a runner that has ended by itself", async () => {
    const child = endless();
    child.kill("SIGKILL");
    await once(child, "exit");
    const fate = new Fate({ fate: "stopped", line: 1, afterMs: 0 }, new AbortController().signal);
    fate.hear(child);
    await fate.over();
    expect(fate.met).to.equal("lives");
  });

  it("is a sleep from which it wakes up", async () => {
    const { fate, child } = await hearing({ fate: "suspended", line: 1, afterMs: 0, forMs: 1 }, 1);
    expect(fate.met).to.equal("suspended");
    child.kill("SIGTERM");
    const [, signal] = await once(child, "exit");
    expect(signal, "a process that still sleeps does not hear SIGTERM").to.equal("SIGTERM");
  });
});
