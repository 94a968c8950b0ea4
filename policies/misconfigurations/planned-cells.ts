import { castleProgram } from "@castle/infra/plan/castle-program.ts";
import { makePlan } from "@castle/infra/plan/plan.ts";
import { readSettings } from "@castle/infra/settings/settings.ts";
import { ownConfig } from "@castle/infra/settings/stack-file.ts";
import type { Cell } from "./catch.ts";

/** Both cells of production, as the program plans them now. */
export async function plannedCells(
  signal: AbortSignal,
): Promise<{ readonly home: Cell; readonly peer: Cell }> {
  const programs = ["prd", "dr"].map(castleProgram);
  const { stacks } = await makePlan(programs, signal);
  const [home, peer] = programs.flatMap(({ stack, config }, at) => {
    const graph = stacks[at];
    return graph ? [{ settings: readSettings(stack, ownConfig(config)), graph }] : [];
  });
  if (!home || !peer) throw new Error("prd and dr are not in the plan");
  return { home, peer };
}
