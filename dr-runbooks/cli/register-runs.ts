import type { Command } from "commander";
import type { TargetFlags } from "./target-options.ts";

/**
 * What is done with executions that were begun: look at them, go on with them, close them. What carries it out is loaded
 * only when it is called.
 */
export function registerRuns(program: Command): void {
  program
    .command("runs")
    .description("list every execution: what became of it, when, how long it took, by whom")
    .option("--json", "as JSON")
    .addHelpText("after", RUNS_EXAMPLES)
    .action(async (options: RunsFlags) => {
      const { runsCommand } = await import("./runs-command.ts");
      process.exitCode = await runsCommand(options);
    });

  const one = program.command("run").description("look at one execution");
  one
    .command("show")
    .description("show each step of an execution: its outcome, time, facts and error, and how to go on")
    .argument("<execution>", "its number in castle runs, its name, or the beginning of one")
    .option("--json", "as JSON")
    .addHelpText("after", RUNS_EXAMPLES)
    .action(async (id: string, options: RunsFlags) => {
      const { runShowCommand } = await import("./runs-command.ts");
      process.exitCode = await runShowCommand(id, options);
    });

  program
    .command("resume")
    .description("go on with exactly this unfinished execution")
    .argument("<execution>", "its number in castle runs, its name, or the beginning of one")
    .option("--yes", "do not ask; for drills, in a lab only")
    .option("--json", "tell every event as a line of JSON")
    .option("--consent-to-loss", "as of castle failover")
    .option("--hold", "as of castle failover; what was begun with it keeps it")
    .option("--skip <step...>", "go on without these steps; what safety rests on cannot be skipped")
    .option("--because <reason>", "why they are skipped; stands in the record")
    .addHelpText(
      "after",
      `
Examples:
  castle resume 1                                    the newest, behind the last step that is done
  castle resume failover-2-eu-central-1-… --skip promote-cache --because "the cache was promoted by hand"

Exit codes: 0 open, 1 refused or failed, 2 bad usage, 130 interrupted.`,
    )
    .action(async (id: string, options: ResumeFlags) => {
      const { resumeCommand } = await import("./resume-command.ts");
      process.exitCode = await resumeCommand(id, options);
    });

  program
    .command("cancel")
    .description("close an unfinished execution that has not taken the role, and take back what it did")
    .argument("<execution>", "its number in castle runs, its name, or the beginning of one")
    .requiredOption("--because <reason>", "why; stands in the record")
    .option("--json", "tell every event as a line of JSON")
    .addHelpText(
      "after",
      `
Examples:
  castle cancel switchover-3-eu-west-1-… --because "the maintenance was called off"

Behind the point of no return there is only the way on: castle resume. Exit codes: 0 closed, 1 refused or failed, 2 bad usage.`,
    )
    .action(async (id: string, options: CancelFlags) => {
      const { cancelCommand } = await import("./cancel-command.ts");
      process.exitCode = await cancelCommand(id, options);
    });
}

const RUNS_EXAMPLES = `
Examples:
  castle runs
  castle runs --json | jq '.[] | select(.state == "stopped") | .id'
  castle run show 1                        the newest; 2 the one before it, as castle runs numbers them
  castle run show failover-2-eu-central-1-…

Exit codes: 0 shown, 1 it cannot be read, 2 bad usage.`;

/** What commander hands over. */
export interface RunsFlags extends TargetFlags {
  readonly json?: boolean;
}

export interface ResumeFlags extends RunsFlags {
  readonly yes?: boolean;
  readonly consentToLoss?: boolean;
  readonly hold?: boolean;
  readonly skip?: readonly string[];
  readonly because?: string;
}

export interface CancelFlags extends RunsFlags {
  readonly because: string;
}
