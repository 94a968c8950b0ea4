import { execFile } from "node:child_process";
import { type Duration, seconds } from "@castle/regions/duration.ts";
import { OutputsUnusable } from "./errors.ts";

const ANSWERS_WITHIN: Duration = seconds(20);
/** A stack's outputs are a few kilobytes. */
const MOST_BYTES = 1_000_000;

/** As Pulumi names stacks: `prd`, or `organization/project/prd`. Nothing that could be taken for an option. */
const STACK = /^[A-Za-z0-9_][\w.-]*(\/[\w.-]+){0,2}$/;

/** @throws OutputsUnusable */
export function requireStackName(name: string): string {
  if (STACK.test(name)) return name;
  throw new OutputsUnusable(`"${name}" is no name of a stack: prd, or organization/project/prd`);
}

/**
 * A stack's outputs, as the Pulumi CLI tells them; what is a secret stays one (`[secret]`).
 * @throws OutputsUnusable when there is no Pulumi here, or it does not tell them in time
 */
export function pulumiOutputs(stack: string, within = ANSWERS_WITHIN): Promise<unknown> {
  const args = ["stack", "output", "--json", "--stack", requireStackName(stack), "--non-interactive"];
  return new Promise((resolve, reject) => {
    execFile(
      "pulumi",
      args,
      // No shell: a name stays a name. SIGKILL, since what it may be waiting for is gone.
      { timeout: within.ms, killSignal: "SIGKILL", maxBuffer: MOST_BYTES, windowsHide: true },
      (error, stdout, stderr) => {
        if (error) return reject(new OutputsUnusable(why(stack, error, stderr, within), { cause: error }));
        try {
          resolve(JSON.parse(stdout));
        } catch {
          reject(new OutputsUnusable(`pulumi told no JSON of the outputs of stack ${stack}`));
        }
      },
    );
  });
}

function why(
  stack: string,
  error: Error & { readonly code?: unknown; readonly killed?: boolean },
  stderr: string,
  within: Duration,
): string {
  if (error.code === "ENOENT") return "the Pulumi CLI (pulumi) is not on the PATH";
  if (error.killed) return `pulumi did not tell the outputs of stack ${stack} within ${within}`;
  const [said = "nothing"] = stderr
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  return `pulumi does not tell the outputs of stack ${stack}: ${said}`;
}
