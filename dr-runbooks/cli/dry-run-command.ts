import { previewDryRun } from "../dry-run/dry-run.ts";
import { previewOperationDryRun } from "../dry-run/operation.ts";
import type { Rehearsal } from "../dry-run/rehearse.ts";
import { tellDryRun, tellOperationDryRun } from "../dry-run/tell.ts";
import type { OperationKind } from "../runbooks/operations/plan.ts";
import type { HandoverKind } from "../runbooks/plan.ts";
import { exitCode, reportError } from "./exit.ts";
import { cellRegionNamed, findTarget } from "./find-target.ts";
import type { OperationFlags } from "./register-operations.ts";
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
export function dryRunCommand(kind: HandoverKind, flags: DryRunFlags): Promise<number> {
  return told(flags, async () => {
    const request = {
      kind,
      to: cellRegionNamed(flags.to),
      consentToLoss: flags.consentToLoss ?? false,
      hold: flags.hold ?? false,
    };
    const found = await previewDryRun(await findTarget(flags), request);
    return { found, lines: tellDryRun(found) };
  });
}

/** `castle isolate --dry-run` and `castle rejoin --dry-run`. @returns as {@link dryRunCommand} */
export function operationDryRunCommand(kind: OperationKind, flags: OperationFlags): Promise<number> {
  return told(flags, async () => {
    const request = { kind, region: cellRegionNamed(flags.region) };
    const found = await previewOperationDryRun(await findTarget(flags), request);
    return { found, lines: tellOperationDryRun(found) };
  });
}

async function told(
  { json }: { readonly json?: boolean },
  look: () => Promise<{ readonly found: Rehearsal; readonly lines: readonly string[] }>,
): Promise<number> {
  try {
    const { found, lines } = await look();
    process.stdout.write(`${json ? JSON.stringify(found, null, 2) : lines.join("\n")}\n`);
    return found.clear ? exitCode.good : exitCode.failed;
  } catch (error) {
    return reportError(error);
  }
}
