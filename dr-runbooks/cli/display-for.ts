import type { Runbook } from "../engine/runbook.ts";
import { someoneIsThere } from "./ask.ts";
import { type Display, jsonDisplay, lineDisplay, type Usual } from "./display.ts";

/** For whoever watches: a program, somebody at a terminal, or whoever reads the lines later. */
export async function displayFor<Context>(
  runbook: Runbook<Context>,
  { json }: { readonly json?: boolean },
  usual: Usual,
): Promise<Display> {
  if (json) return jsonDisplay(process.stdout);
  if (!someoneIsThere()) return lineDisplay(process.stdout, usual);
  const { TerminalDisplay } = await import("./terminal-display.ts");
  return new TerminalDisplay(runbook, usual);
}
