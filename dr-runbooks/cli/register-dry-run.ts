import type { Command } from "commander";
import type { DryRunFlags } from "./dry-run-command.ts";

export function registerDryRunCommand(program: Command): void {
  program
    .command("dry-run")
    .description("show what a handover would do now, step by step, and change nothing")
    .argument("<runbook>", "failover or switchover")
    .requiredOption("--to <region>", "the region that would become active")
    .option("--consent-to-loss", "as it would be given to the failover")
    .option("--target <file>", "what to look at (default: the lab that runs in this folder)")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
Examples:
  castle dry-run failover --to eu-central-1            steps, calls, expected duration, what is in the way
  castle dry-run switchover --to eu-west-1 --json | jq '.steps[] | select(.verdict == "blocked")'

Exit codes: 0 nothing stands in the way, 1 it would be refused or a step is blocked, 2 bad usage.`,
    )
    .action(async (runbook: string, options: DryRunFlags) => {
      const { dryRunCommand } = await import("./dry-run-command.ts");
      process.exitCode = await dryRunCommand(runbook, options);
    });
}
