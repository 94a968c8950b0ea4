import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as elapse } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { nodeEnvironment } from "../environment.ts";
import type { Lab } from "../lab.ts";

const CASTLE = fileURLToPath(new URL("../../bin/castle.ts", import.meta.url));
/** As much of what a command says last as an error message can hold. */
const LAST_WORDS = 2_000;

/** What a runner tells of a step, in the words of its record. */
export interface StepLine {
  readonly kind: "step-started" | "step-done" | "step-failed";
  readonly step: string;
}

/** What came of a command: its exit code (null when it was killed), and what it said on stderr last. */
export interface CommandEnded {
  readonly code: number | null;
  readonly lastWords: string;
}

/**
 * Gives a command of castle in a process of its own, without asking, as an operator at another terminal does. The process
 * is killed when the signal is aborted, and belongs to the lab: should that be killed, the process ends too, also one
 * that is suspended.
 * @param args for example `["failover", "--to", "eu-central-1"]`
 * @param onStep told each line about a step, with the process to which things may be done
 */
export async function giveCommand(
  lab: Pick<Lab, "folder" | "spawn">,
  args: readonly string[],
  onStep: (line: StepLine, runner: ChildProcess) => void,
  signal?: AbortSignal,
): Promise<CommandEnded> {
  const child = lab.spawn({
    command: process.execPath,
    args: [CASTLE, ...args, "--target", join(lab.folder, "target.json"), "--yes", "--json"],
    env: nodeEnvironment,
    piped: true,
  });
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error("a command whose output cannot be read tells nothing of its steps");
  const exited = once(child, "exit");
  const end = (): void => void child.kill("SIGKILL");
  signal?.addEventListener("abort", end);
  let said = "";
  stderr.on("data", (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-LAST_WORDS);
  });
  try {
    for await (const line of createInterface({ input: stdout })) {
      const told: { kind?: unknown } = JSON.parse(line);
      if (isStepLine(told)) onStep(told, child);
    }
    const [code] = await exited;
    return { code, lastWords: said.trim() };
  } finally {
    signal?.removeEventListener("abort", end);
  }
}

const isStepLine = (told: { kind?: unknown }): told is StepLine =>
  told.kind === "step-started" || told.kind === "step-done" || told.kind === "step-failed";

/** Stops the process where it is, and lets it go on after a while: a machine that slept. */
export async function suspend(runner: ChildProcess, forMs: number, signal: AbortSignal): Promise<void> {
  if (!runner.kill("SIGSTOP")) return;
  await elapse(forMs, undefined, { signal }).finally(() => runner.kill("SIGCONT"));
}
