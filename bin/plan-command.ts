import { exitCode } from "@castle/dr-runbooks/cli/exit.ts";
import { castleProgram } from "@castle/infra/plan/castle-program.ts";
import { makePlan, planHolds } from "@castle/infra/plan/plan.ts";
import { tellPlan } from "@castle/infra/plan/tell/plan.ts";
import { writePlan } from "@castle/infra/plan/write.ts";
import { requireKnownStacks } from "./named-stacks.ts";
import type { PlanFlags } from "./register-plan.ts";
import { untilStopped } from "./until-stopped.ts";

/** Many times what it takes. */
const LIMIT_MINUTES = 3;

/** `castle plan`. @returns the exit code */
export async function planCommand(
  stacks: readonly string[],
  { json = false, verbose = false, out, html }: PlanFlags,
): Promise<number> {
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
