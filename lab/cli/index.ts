import type { Command } from "commander";
import { registerDrillCommand } from "./drill.ts";
import { registerLabCommand } from "./lab.ts";

/** The commands of the lab: `castle lab …` and `castle drill`. */
export function registerLabCommands(program: Command): void {
  registerLabCommand(program);
  registerDrillCommand(program);
}
