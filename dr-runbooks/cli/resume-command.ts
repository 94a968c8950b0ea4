import { cellRegions } from "@castle/regions/catalogue.ts";
import { listExecutions } from "../engine/record.ts";
import { unfinishedExecution } from "../runbooks/go-on.ts";
import { runbooks } from "../runbooks/run.ts";
import { requireSkippable, type Skip } from "../runbooks/skip.ts";
import { bringRecords, PATIENTLY } from "./bring-records.ts";
import { reportError, UsageError } from "./exit.ts";
import { executionNamed } from "./find-execution.ts";
import { findTarget } from "./find-target.ts";
import { handOver } from "./handover-command.ts";
import type { ResumeFlags } from "./register-runs.ts";

/** `castle resume`. @returns the exit code */
export async function resumeCommand(name: string, flags: ResumeFlags): Promise<number> {
  try {
    const skip = skipsOf(flags);
    const target = await findTarget(flags);
    await bringRecords(
      target,
      cellRegions,
      (here) => here.some(({ id }) => id.startsWith(name)) || /^\d+$/.test(name),
      PATIENTLY,
    );
    const executions = await listExecutions(target.runsFolder);
    const { id } = executionNamed(name, executions);
    const { plan } = unfinishedExecution(id, executions);
    requireSkippable(runbooks[plan.kind], skip);
    const { consentToLoss = false, hold = false } = flags;
    return await handOver(plan.kind, { target, to: plan.to, consentToLoss, hold, only: id, skip }, flags);
  } catch (error) {
    return reportError(error);
  }
}

function skipsOf({ skip = [], because }: ResumeFlags): readonly Skip[] {
  if (skip.length === 0 && because !== undefined)
    throw new UsageError("--because gives the reason of --skip, and no step is named: add --skip STEP");
  if (skip.length > 0 && (because === undefined || because.trim() === ""))
    throw new UsageError(
      'a step is skipped only for a reason, which stands in the record: add --because "…"',
    );
  return skip.map((step) => ({ step, because: because ?? "" }));
}
