import type { Command } from "commander";
import type { TargetFlags } from "./target-options.ts";

/** What commander hands over. */
export interface OperationFlags extends TargetFlags {
  readonly region: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export interface FailbackFlags extends TargetFlags {
  readonly dryRun?: boolean;
  readonly hold?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export interface ReconcileFlags extends TargetFlags {
  readonly oldWriter: string;
  readonly json?: boolean;
  readonly out?: string;
  readonly of?: string;
}

const DRY_RUN = "change nothing: tell what each step would do now, where, and how long it takes";

/** What is done around a handover: the way home, a cell taken out and brought back, the tail that was lost. */
export function registerOperations(program: Command): void {
  program
    .command("failback")
    .description("hand the active role back to the home region, both regions being well")
    .option("--dry-run", DRY_RUN)
    .option("--hold", "stop before everybody may trade, until somebody agrees (castle approve)")
    .option("--yes", "do not ask; for drills, in a lab only")
    .option("--json", "tell every event as a line of JSON")
    .addHelpText(
      "after",
      `
Examples:
  castle failback              says what it will do, asks, then switches over
  castle failback --dry-run    what would happen now, step by step; changes nothing
  castle failback --yes        without asking

A switchover to the home region of the catalogue. Needs both cells paired: castle rejoin brings the home cell there.
Exit codes: 0 done, 1 refused or failed, 2 bad usage, 130 interrupted.`,
    )
    .action(async (flags: FailbackFlags) => {
      const { failbackCommand } = await import("./failback-command.ts");
      process.exitCode = await failbackCommand(flags);
    });

  operation(
    program,
    "isolate",
    "take out the cell that does not hold the role, before it comes back by itself",
  )
    .addHelpText(
      "after",
      `
Examples:
  castle isolate --region eu-west-1          after a failover away from it
  castle isolate --region eu-west-1 --dry-run
  castle isolate --region eu-west-1 --yes    without asking; run again, it changes nothing

Fences the cell (that must succeed), then, as far as it answers: ends its writers, raises its database's and journal's
epoch, sets its endpoint weight to 0. castle rejoin brings it back.
Exit codes: 0 fenced (what did not answer is told), 1 refused or failed, 2 bad usage, 130 interrupted.`,
    )
    .action(async (flags: OperationFlags) => {
      const { isolateCommand } = await import("./isolate-command.ts");
      process.exitCode = await isolateCommand(flags);
    });

  operation(program, "rejoin", "bring a cell that was isolated, or lost, back as standby")
    .addHelpText(
      "after",
      `
Examples:
  castle rejoin --region eu-west-1          waits, and says for what
  castle rejoin --region eu-west-1 --dry-run
  castle rejoin --region eu-west-1 --yes --json

Waits until the cell's database, cache and journal follow and the witness says paired, then gives its endpoint weight
128. Ctrl-C ends the waiting; the same command goes on with it.
Exit codes: 0 standby and paired, 1 refused or failed, 2 bad usage, 130 interrupted.`,
    )
    .action(async (flags: OperationFlags) => {
      const { rejoinCommand } = await import("./rejoin-command.ts");
      process.exitCode = await rejoinCommand(flags);
    });

  program
    .command("reconcile")
    .description("compare what an old writer holds with the surviving ledger, and report every difference")
    .requiredOption(
      "--old-writer <url>",
      "the old writer's database, or one restored from its snapshot (env:NAME reads the URL from a variable)",
    )
    .option("--json", "a line of JSON for each difference, the summary last")
    .option(
      "--of <execution>",
      "the handover that ended the old writer's epoch, where its record does not tell",
    )
    .option("--out <file>", "write those lines to a file (never over another), and tell the summary in words")
    .addHelpText(
      "after",
      `
Examples:
  castle reconcile --old-writer postgres://castle@restored.example:5432/castle
  OLD=postgres://… castle reconcile --old-writer env:OLD --out tail.jsonl
  castle reconcile --old-writer env:OLD --json | jq 'select(.kind == "command")'

Reads both databases, each in one read-only snapshot, and writes to neither. What the survivor has done since the
histories part is no difference. What was found is recorded, signed, and stands in the report of the handover that ended
the old writer's epoch (castle report). Exit codes: 0 nothing differs, 1 something does, 2 bad usage or not to be compared.`,
    )
    .action(async (flags: ReconcileFlags) => {
      const { reconcileCommand } = await import("./reconcile-command.ts");
      process.exitCode = await reconcileCommand(flags);
    });
}

const operation = (program: Command, name: "isolate" | "rejoin", description: string): Command =>
  program
    .command(name)
    .description(description)
    .requiredOption("--region <region>", "the cell it is done to; never the one that holds the role")
    .option("--dry-run", DRY_RUN)
    .option("--yes", "do not ask; needed where nobody sits at a terminal")
    .option("--json", "tell every event as a line of JSON");
