import { exitCode } from "@castle/dr-runbooks/cli/exit.ts";
import { castleProgram } from "@castle/infra/plan/castle-program.ts";
import { makePlan, planHolds } from "@castle/infra/plan/plan.ts";
import { tellPlan } from "@castle/infra/plan/tell/plan.ts";
import { writePlan } from "@castle/infra/plan/write.ts";
import type { Command } from "commander";
import { requireKnownStacks } from "./named-stacks.ts";
import { untilStopped } from "./until-stopped.ts";

interface Given {
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly html?: string;
  readonly out: string;
}

/** Many times what it takes. */
const LIMIT_MINUTES = 3;

/** `castle plan`: what a deployment would make, without an account and without Pulumi's command. */
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
    .action(async (stacks: string[], options: Given) => {
      process.exitCode = await planCommand(stacks, options);
    });
}

async function planCommand(stacks: readonly string[], { json = false, verbose = false, out, html }: Given) {
  requireKnownStacks(stacks);
  const ended = await untilStopped(LIMIT_MINUTES, (signal) => makePlan(stacks.map(castleProgram), signal));
  if (ended === "interrupted") return exitCode.interrupted;
  const plan = ended.result;
  const written = await writePlan(plan, out, html);
  process.stdout.write(
    json
      ? `${JSON.stringify(plan, null, 1)}\n`
      : `${[...tellPlan(plan, verbose), ...Object.values(written)].join("\n")}\n`,
  );
  return planHolds(plan) ? exitCode.good : exitCode.failed;
}
