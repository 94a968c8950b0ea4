import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { LabOptions } from "../lab.ts";
import { NoLab, readPointer } from "./pointer.ts";
import type { RunningLab } from "./supervise.ts";
import type { SupervisorMessage } from "./supervisor-message.ts";
import { welcome } from "./text.ts";

const INTERRUPTED = 130;

/** Starts a supervisor of its own, shows what it does, and leaves it once the lab is ready. @returns the exit code */
export async function up(options: LabOptions): Promise<number> {
  requireNone();
  const supervisor = spawn(
    process.execPath,
    [fileURLToPath(new URL("supervisor.ts", import.meta.url)), JSON.stringify(options)],
    { detached: true, stdio: ["ignore", "ignore", "pipe", "ipc"] },
  );
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
    supervisor.kill("SIGTERM");
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  let said = "";
  supervisor.stderr?.on("data", (chunk) => {
    said += chunk;
  });
  const outcome = await new Promise<RunningLab | string>((resolve) => {
    supervisor.on("message", (message: SupervisorMessage) => {
      if (message.kind === "progress") process.stdout.write(`${message.line}\n`);
      else resolve(message.kind === "ready" ? message.lab : message.error);
    });
    supervisor.once("error", (error) => resolve(error.message));
    supervisor.once("exit", (code, signal) =>
      resolve(`the supervisor ended with ${code ?? signal}\n${said}`.trim()),
    );
  });
  if (typeof outcome !== "string" && !interrupted) {
    process.stdout.write(welcome(outcome));
    supervisor.disconnect();
    supervisor.stderr?.destroy();
    supervisor.unref();
    return 0;
  }
  if (supervisor.exitCode === null && supervisor.signalCode === null)
    await new Promise((resolve) => supervisor.once("exit", resolve));
  process.stderr.write(interrupted ? "interrupted; nothing of the lab is left running\n" : `${outcome}\n`);
  return interrupted ? INTERRUPTED : 1;
}

/** Keeps the lab in this process until Ctrl-C, or `castle lab down` from elsewhere. @returns the exit code */
export async function upInForeground(options: LabOptions): Promise<number> {
  requireNone();
  const { supervise } = await import("./supervise.ts");
  const end = new AbortController();
  const interrupt = (): void => {
    // A second Ctrl-C: this process ends at once, and the reaper clears away what is left.
    if (end.signal.aborted) process.exit(INTERRUPTED);
    end.abort(new Error("interrupted"));
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  try {
    await supervise({
      lab: { ...options, onProgress: say },
      directory: process.cwd(),
      signal: end.signal,
      onReady: (lab) => say(welcome(lab)),
    });
  } catch (error) {
    if (!end.signal.aborted) throw error;
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
  say("the lab is down");
  return end.signal.aborted ? INTERRUPTED : 0;
}

/** @throws Error when a lab runs from this directory already */
function requireNone(): void {
  try {
    const { folder } = readPointer(process.cwd());
    throw new Error(
      `a lab runs from this directory already (${folder}): end it with \`castle lab down\`, or start another from another directory`,
    );
  } catch (error) {
    if (!(error instanceof NoLab)) throw error;
  }
}
