import type { Command } from "commander";

/** What commander hands over. */
export interface PlanFlags {
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly html?: string;
  readonly out: string;
}

/** `castle plan`: what a deployment would make, without an account and without Pulumi's command. What makes it is loaded only when it is called. */
export function registerPlanCommand(program: Command): void {
  program
    .command("plan")
    .description("preview stacks without an account: every resource they would make, checked and compared")
    .argument("[stacks...]", "stacks to plan; two cells of one platform are compared", ["prd", "dr"])
    .option("--json", "print the plan as JSON and nothing else")
    .option("--verbose", "print every resource, and every explained difference")
    .option("--html <file>", "write the page there instead of plan.html in the folder")
    .option("--out <folder>", "where plan.json and plan.html go", "reports/plan")
    .addHelpText(
      "after",
      `
Runs each stack's unmodified program in preview mode with nobody behind it: what only AWS could tell stays unknown.
Exit codes: 0 the plan holds; 1 a check or a program fails, or a difference is not explained; 2 bad usage;
130 interrupted.`,
    )
    .action(async (stacks: string[], options: PlanFlags) => {
      const { planCommand } = await import("./plan-command.ts");
      process.exitCode = await planCommand(stacks, options);
    });
}
