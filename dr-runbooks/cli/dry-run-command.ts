import { previewDryRun } from "../dry-run/dry-run.ts";
import { tellDryRun } from "../dry-run/tell.ts";
import type { HandoverKind } from "../runbooks/plan.ts";
import { exitCode, reportError } from "./exit.ts";
import { cellRegionNamed, findTarget } from "./find-target.ts";
import type { TargetFlags } from "./target-options.ts";

export interface DryRunFlags extends TargetFlags {
  readonly to: string;
  readonly consentToLoss?: boolean;
  readonly hold?: boolean;
  readonly json?: boolean;
}

/**
 * `castle failover --dry-run` and `castle switchover --dry-run`.
 * @returns the exit code: 1 when it would be refused, or something stands in the way
 */
export async function dryRunCommand(kind: HandoverKind, flags: DryRunFlags): Promise<number> {
  try {
    const request = {
      kind,
      to: cellRegionNamed(flags.to),
      consentToLoss: flags.consentToLoss ?? false,
      hold: flags.hold ?? false,
    };
    const found = await previewDryRun(await findTarget(flags), request);
    const text = flags.json ? JSON.stringify(found, null, 2) : tellDryRun(found).join("\n");
    process.stdout.write(`${text}\n`);
    return found.clear ? exitCode.good : exitCode.failed;
  } catch (error) {
    return reportError(error);
  }
}
