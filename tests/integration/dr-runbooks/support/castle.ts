import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export const program = fileURLToPath(new URL("../../../../bin/castle.ts", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

/** A command of the command line without a terminal, as a script runs it, in the folder. */
export async function castle(
  args: readonly string[],
  folder: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, errors] = ["", ""];
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const [code] = await once(child, "close");
  return { code, out, errors };
}

/**
 * Starts a command and kills it as soon as `moment` has come. Resolves when it is dead.
 * @throws Error when it ended before, with what it said
 */
export async function castleKilled(
  args: readonly string[],
  folder: string,
  moment: () => Promise<boolean>,
): Promise<void> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      said += chunk;
    });
  const closed = once(child, "close");
  while (child.exitCode === null && !(await moment())) await sleep(5);
  child.kill("SIGKILL");
  const [code, signal] = await closed;
  if (signal !== "SIGKILL")
    throw new Error(`castle ${args.join(" ")} ended with ${code} before it was to be killed: ${said}`);
}
