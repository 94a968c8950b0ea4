import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { type HandoverRig, PEER } from "./handover-rig.ts";

const script = fileURLToPath(new URL("runner-that-dies.ts", import.meta.url));

/**
 * Runs the runbook in a process that dies at the step: when it `begins`, or `inside`, behind its effect and before
 * anybody wrote that down. Resolves when it is dead.
 */
export async function killedAt(
  rig: HandoverRig,
  runbook: "failover" | "switchover",
  step: string,
  when: "begins" | "inside" = "begins",
): Promise<void> {
  const child = spawn(process.execPath, [script, rig.targetFile(), runbook, PEER, step, when], {
    stdio: "inherit",
  });
  const [code, signal] = await once(child, "exit");
  expect({ code, signal }, "the runner was to be killed").to.deep.equal({ code: null, signal: "SIGKILL" });
}
