import type { Command } from "commander";
import type { TargetFlags } from "./target-options.ts";

/** What commander hands over. */
export interface BootstrapFlags extends TargetFlags {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** The state that a platform begins with, and what a release adds to its databases. */
export function registerBootstrap(program: Command): void {
  stateful(
    program,
    "bootstrap",
    "give a newly deployed platform its first state: tables, epoch 1, the witness's record",
  )
    .addHelpText(
      "after",
      `
Examples:
  castle --target aws --stack prd bootstrap --dry-run   what is there, and what it would do
  castle --target aws --stack prd bootstrap             shows the same, asks, then does it
  castle --target aws --stack prd bootstrap --yes --json

Once both cells are deployed, before their services trade. Migrates both journals and the home cell's database, writes
its role row and streams, and last of all the witness's first record: epoch 1, home active, solo. It replaces nothing,
so that it may be given again, after a kill too; a platform that has begun is left alone.
Exit codes: 0 done, or nothing to do; 1 refused, failed or declined; 2 bad usage.`,
    )
    .action(async (flags: BootstrapFlags) => {
      const { bootstrapCommand } = await import("./bootstrap-command.ts");
      process.exitCode = await bootstrapCommand("bootstrap", flags);
    });

  stateful(program, "migrate", "bring a platform's databases to this release's schema")
    .addHelpText(
      "after",
      `
Examples:
  castle --target aws --stack prd migrate --dry-run   which migrations are missing, and where
  castle --target aws --stack prd migrate             shows the same, asks, then migrates
  castle --target aws --stack prd migrate --yes --json

Both journals, then the active cell's database, which the other receives. Before a release's services are started; the
role, the epoch and what was traded stay as they are. Refuses while a handover is under way.
Exit codes: 0 done, or nothing to do; 1 refused, failed or declined; 2 bad usage.`,
    )
    .action(async (flags: BootstrapFlags) => {
      const { bootstrapCommand } = await import("./bootstrap-command.ts");
      process.exitCode = await bootstrapCommand("migrate", flags);
    });
}

const stateful = (program: Command, name: "bootstrap" | "migrate", description: string): Command =>
  program
    .command(name)
    .description(description)
    .option("--dry-run", "change nothing: tell what is there and what would be done")
    .option("--yes", "do not ask; needed where nobody sits at a terminal")
    .option("--json", "tell every event as a line of JSON");
