import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { setTimeout as elapse } from "node:timers/promises";
import { Activity } from "@castle/lab/processes/activity.ts";
import { Daemon } from "@castle/lab/processes/daemon.ts";
import { killTrees } from "@castle/lab/processes/tree.ts";
import { until } from "@castle/lab/processes/until.ts";
import { expect } from "chai";

describe("what a process does", function () {
  this.timeout(20_000);
  before(function () {
    if (!existsSync("/proc/self/io")) this.skip();
  });
  const running: ChildProcess[] = [];
  afterEach(() => {
    killTrees(running.splice(0).flatMap(({ pid }) => pid ?? []));
  });

  const shell = (script: string): ChildProcess => {
    const child = spawn("/bin/sh", ["-c", script], { stdio: ["ignore", "pipe", "ignore"] });
    running.push(child);
    return child;
  };

  it("grows while it works, its children's work included", async () => {
    const activity = new Activity(shell("(while :; do :; done) & wait").pid ?? 0);
    let first = 0;
    await until(
      () => {
        const read = activity.read();
        if (read === false) return false;
        first ||= read.reached;
        return read.reached > first;
      },
      { what: "the work to show", withinMs: 15_000, everyMs: 50 },
    );
  });

  it("stands still while it sleeps", async () => {
    const sleeper = shell("echo asleep; exec sleep 60");
    if (sleeper.stdout) await once(sleeper.stdout, "data");
    await elapse(300);
    const activity = new Activity(sleeper.pid ?? 0);
    const before = activity.read();
    await elapse(600);
    expect(activity.read()).to.deep.equal(before);
  });

  const stopped = async (script: string, stopsWhileAtWork: boolean): Promise<string> => {
    const daemon = new Daemon({
      ...{ name: "it", stopSignal: "SIGTERM", stopWithinMs: 600, stopsWhileAtWork, log: "nowhere" },
      launch: () => shell(script),
      ready: async () => {
        const [child] = running;
        if (child?.stdout) await once(child.stdout, "data");
      },
    });
    await daemon.start();
    const ended = once(running[0] as ChildProcess, "exit");
    await daemon.stop();
    const [code, signal] = await ended;
    return String(code ?? signal);
  };

  const worksOnStop =
    "trap 'end=$(($(date +%s)+3)); while [ $(date +%s) -lt $end ]; do :; done; exit 7' TERM; echo ready; while :; do sleep 0.1; done";

  it("keeps it from being killed while it still has something to do before it ends", async () => {
    expect(await stopped(worksOnStop, true)).to.equal("7");
  });

  it("is not waited for once it has stood still", async () => {
    const hangs = "trap 'sleep 60' TERM; echo ready; while :; do sleep 0.1; done";
    expect(await stopped(hangs, true)).to.equal("SIGKILL");
  });
});
