import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { CellRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { PEER } from "./handover-rig.ts";

const script = fileURLToPath(new URL("runner-that-dies.ts", import.meta.url));

/** For a test that starts a runner for each step: each takes a second alone, and many on a busy machine. */
export const EVERY_KILL_MS = 600_000;

export type RunbookName = "failover" | "switchover" | "isolate" | "rejoin";
export type Moment = "begins" | "waits" | "inside" | "freezes";

/** What a runner in a process of its own is told. */
interface Rig {
  targetFile(): string;
}

/**
 * Runs the runbook in a process that dies at the step: when it `begins`, once it `waits`, or `inside`, behind its effect
 * and before anybody wrote that down. Resolves when it is dead.
 */
export async function killedAt(
  rig: Rig,
  runbook: RunbookName,
  step: string,
  when: Moment = "begins",
  region: CellRegion = PEER,
): Promise<void> {
  const child = runnerThat(rig, runbook, step, when, region);
  const [code, signal] = await once(child, "exit");
  expect({ code, signal }, `the runner was to be killed at ${step}`).to.deep.equal({
    ...{ code: null, signal: "SIGKILL" },
  });
}

/** The runner's process, which is killed, or frozen, at the step. */
export const runnerThat = (
  rig: Rig,
  runbook: RunbookName,
  step: string,
  when: Moment,
  region: CellRegion,
): ChildProcess =>
  spawn(process.execPath, [script, rig.targetFile(), runbook, region, step, when], {
    stdio: ["ignore", "ignore", when === "freezes" ? "pipe" : "inherit"],
  });
