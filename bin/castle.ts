import { registerRunbookCommands } from "@castle/dr-runbooks/cli/commands.ts";
import { exitCode, reportError } from "@castle/dr-runbooks/cli/exit.ts";
import { endWhenUnread } from "@castle/dr-runbooks/cli/unread-output.ts";
import { registerDrillCommand } from "@castle/lab/cli/drill.ts";
import { registerLabCommands } from "@castle/lab/cli/lab.ts";
import { Command, CommanderError } from "commander";
import { registerPreviewCommands } from "./preview-command.ts";
import { registerComplianceCommand } from "./register-compliance.ts";
import { registerPlanCommand } from "./register-plan.ts";

endWhenUnread([process.stdout, process.stderr]);

const program = new Command("castle")
  .description("A trading platform that survives losing a whole region, and the tooling that proves it.")
  .exitOverride()
  .showHelpAfterError("(castle --help tells more)");
registerRunbookCommands(program);
registerLabCommands(program);
registerDrillCommand(program);
registerPlanCommand(program);
registerComplianceCommand(program);
registerPreviewCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = codeOf(error);
}
// A server that froze keeps its connection, and would keep this process: what was asked for is done.
process.exit();

/** Commander has told its own complaints already. */
function codeOf(error: unknown): number {
  if (!(error instanceof CommanderError)) return reportError(error);
  return error.exitCode === 0 ? exitCode.good : exitCode.usage;
}
