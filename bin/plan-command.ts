import { exitCode, UsageError } from "@castle/dr-runbooks/cli/exit.ts";
import { castleProgram } from "@castle/infra/plan/castle-program.ts";
import { makePlan, planHolds } from "@castle/infra/plan/plan.ts";
import { tellPlan } from "@castle/infra/plan/tell/plan.ts";
import { writePlan } from "@castle/infra/plan/write.ts";
import { knownStacks } from "@castle/infra/settings/stack-file.ts";
import type { Command } from "commander";

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
  const known = knownStacks();
  for (const stack of stacks)
    if (!known.includes(stack))
      throw new UsageError(`there is no stack "${stack}"; known: ${known.join(", ")}`);
  if (new Set(stacks).size < stacks.length) throw new UsageError("name each stack once");

  const interruption = new AbortController();
  const onSignal = (): void => interruption.abort(new Error("interrupted"));
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  const limit = AbortSignal.timeout(LIMIT_MINUTES * 60_000);
  try {
    const plan = await makePlan(stacks.map(castleProgram), AbortSignal.any([interruption.signal, limit]));
    const written = await writePlan(plan, out, html);
    process.stdout.write(
      json
        ? `${JSON.stringify(plan, null, 1)}\n`
        : `${[...tellPlan(plan, verbose), ...Object.values(written)].join("\n")}\n`,
    );
    return planHolds(plan) ? exitCode.good : exitCode.failed;
  } catch (error) {
    if (interruption.signal.aborted) return exitCode.interrupted;
    if (limit.aborted)
      throw new Error(
        `a program did not end within ${LIMIT_MINUTES} minutes: something it started keeps it at work`,
        { cause: error },
      );
    throw error;
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}
