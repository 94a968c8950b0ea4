import type { Command } from "commander";
import { registerApprovals } from "./register-approvals.ts";
import { registerBootstrap } from "./register-bootstrap.ts";
import { registerEvidence } from "./register-evidence.ts";
import { registerOperations } from "./register-operations.ts";
import { registerReadinessCommand } from "./register-readiness.ts";
import { registerReport } from "./register-report.ts";
import { registerRuns } from "./register-runs.ts";
import { registerTarget } from "./register-target.ts";
import { registerTargetOptions, type TargetFlags } from "./target-options.ts";

/**
 * The commands that operate a Castle. What carries them out is loaded only when one is called, so that help is there at
 * once.
 */
export const registerRunbookCommands = (program: Command): void =>
  registerTargetOptions(program, registerAll);

function registerAll(program: Command): void {
  const handover = (name: "failover" | "switchover", description: string): Command =>
    program
      .command(name)
      .description(description)
      .requiredOption("--to <region>", "the region that is to become active")
      .option("--dry-run", "change nothing: tell what each step would do now, where, and how long it takes")
      .option("--hold", "stop before everybody may trade, until somebody agrees (castle approve)")
      .option("--yes", "do not ask; for drills, in a lab only")
      .option("--json", "tell every event as a line of JSON");
  const carryOut = async (kind: "failover" | "switchover", options: HandoverFlags): Promise<number> => {
    if (options.dryRun) return (await import("./dry-run-command.ts")).dryRunCommand(kind, options);
    return (await import("./handover-command.ts")).handOverCommand(kind, options);
  };

  handover("failover", "hand the active role over when the active region is lost")
    .option(
      "--consent-to-loss",
      "out of solo, or past a fence that cannot be confirmed, ask for consent to give up what only the lost region holds",
    )
    .addHelpText(
      "after",
      `
Examples:
  castle failover --to eu-central-1                     asks, then hands over; run again, it goes on where it ended
  castle failover --to eu-central-1 --dry-run           what would happen now, step by step; changes nothing
  castle failover --to eu-central-1 --yes --json        for scripts: one JSON event a line
  castle failover --to eu-central-1 --consent-to-loss   when the lost region was solo: asks, with fresh figures
  castle failover --to eu-central-1 --hold              cancels first; everybody may trade once somebody agrees

Needs nothing of the lost region. Exit codes: 0 open, 1 refused or failed, 2 bad usage, 130 interrupted.`,
    )
    .action(async (options: HandoverFlags) => {
      process.exitCode = await carryOut("failover", options);
    });

  handover("switchover", "hand the active role over without loss, both regions being well")
    .addHelpText(
      "after",
      `
Examples:
  castle switchover --to eu-west-1          a failback is one
  castle switchover --to eu-west-1 --yes    without asking

Undone by itself when it fails before the role is taken. Exit codes: 0 done, 1 refused or failed, 2 bad usage, 130 interrupted.`,
    )
    .action(async (options: HandoverFlags) => {
      process.exitCode = await carryOut("switchover", options);
    });

  program
    .command("status")
    .description("show who is active, and where each cell's database, journal, cache and endpoint stand")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
Examples:
  castle status
  castle status --json | jq .witness`,
    )
    .action(async (options: TargetFlags & { readonly json?: boolean }) => {
      const { statusCommand } = await import("./status-command.ts");
      process.exitCode = await statusCommand(options);
    });

  registerReadinessCommand(program);
  registerOperations(program);
  registerBootstrap(program);
  registerTarget(program);
  registerEvidence(program);
  registerReport(program);
  registerRuns(program);
  registerApprovals(program);
}

/** What commander hands over. */
export interface HandoverFlags extends TargetFlags {
  readonly to: string;
  readonly consentToLoss?: boolean;
  readonly hold?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}
