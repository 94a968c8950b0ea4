import type { Command } from "commander";
import type { TargetFlags } from "./target-options.ts";

/** What commander hands over. */
export interface TargetSaveFlags extends TargetFlags {
  readonly to?: string;
}

export interface TargetShowFlags extends TargetFlags {
  readonly json?: boolean;
}

/** `castle target`: what commands act on. What carries it out is loaded only when it is called. */
export function registerTarget(program: Command): void {
  const target = program
    .command("target")
    .description("what commands act on: show it, and keep what leads to it on AWS");

  target
    .command("show")
    .description("show where everything is that a command would act on; never a password")
    .option("--json", "as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (flags: TargetShowFlags) => {
      const { targetShowCommand } = await import("./target-command.ts");
      process.exitCode = await targetShowCommand(flags);
    });

  target
    .command("save")
    .description("keep the stacks' outputs on this machine, for the day when Pulumi's state cannot be read")
    .option("--to <folder>", "where (default: .castle/stacks/STACK, where commands find it by themselves)")
    .addHelpText("after", EXAMPLES)
    .action(async (flags: TargetSaveFlags) => {
      const { targetSaveCommand } = await import("./target-command.ts");
      process.exitCode = await targetSaveCommand(flags);
    });
}

const EXAMPLES = `
Examples:
  castle target show
  castle --target aws --stack prd target save --database-ca global-bundle.pem
  castle --target aws --stack prd --outputs ./saved failover --to eu-central-1 --dry-run

Save after every pulumi up, and on every machine that an operator may sit at: a Castle is operated from what was saved
when the region that holds Pulumi's state is lost. Nothing that is saved is a secret.
Exit codes: 0 shown or saved, 1 refused or failed, 2 bad usage.`;
