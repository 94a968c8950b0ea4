import { listExecutions } from "../engine/record.ts";
import { cancelExecution } from "../runbooks/cancel.ts";
import { jsonDisplay, lineDisplay } from "./display.ts";
import { exitCode, reportError, UsageError, warn } from "./exit.ts";
import { executionNamed } from "./find-execution.ts";
import { findTarget } from "./find-target.ts";
import type { CancelFlags } from "./register-runs.ts";

/** `castle cancel`. @returns the exit code */
export async function cancelCommand(name: string, flags: CancelFlags): Promise<number> {
  try {
    const because = flags.because.trim();
    if (because === "") throw new UsageError('--because is empty: say why, as in --because "called off"');
    const target = await findTarget(flags);
    const { id } = executionNamed(name, await listExecutions(target.runsFolder));
    const display = flags.json ? jsonDisplay(process.stdout) : lineDisplay(process.stdout);
    await cancelExecution({
      target,
      id,
      because,
      onEvent: (event) => display.show(event),
      onUnshipped: warn,
    });
    await display.end(null);
    return exitCode.good;
  } catch (error) {
    return reportError(error);
  }
}
