import { castleStatus } from "../status.ts";
import { exitCode, reportError } from "./exit.ts";
import { findTarget } from "./find-target.ts";
import type { TargetFlags } from "./target-options.ts";
import { tellStatus } from "./tell-status.ts";

/** `castle status`. @returns the exit code */
export async function statusCommand(options: TargetFlags & { readonly json?: boolean }): Promise<number> {
  try {
    const status = await castleStatus(await findTarget(options));
    const text = options.json ? JSON.stringify(status, null, 2) : tellStatus(status, Date.now()).join("\n");
    process.stdout.write(`${text}\n`);
    return exitCode.good;
  } catch (error) {
    return reportError(error);
  }
}
