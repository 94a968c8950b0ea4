import { type Framework, frameworks } from "@castle/policies/frameworks.ts";
import { type Command, Option } from "commander";

/** What commander hands over. */
export interface ComplianceFlags {
  readonly framework?: Framework;
  readonly json?: boolean;
  readonly sarif?: string;
  readonly html?: string;
}

/** `castle compliance`: whether what a deployment would make keeps every rule, before anything is made. What judges is loaded only when it is called. */
export function registerComplianceCommand(program: Command): void {
  program
    .command("compliance")
    .description("judge stacks by the policy pack before they are made, without an account")
    .argument("[stacks...]", "stacks to judge; two cells of one platform are judged together, too", [
      "prd",
      "dr",
    ])
    .addOption(
      new Option("--framework <name>", "only the rules that serve this framework").choices(
        Object.keys(frameworks),
      ),
    )
    .option("--json", "print what was found as JSON and nothing else")
    .option("--sarif <file>", "write what was found as SARIF 2.1.0, too")
    .option("--html <file>", "write the report for an auditor, too: every control, its rules, their evidence")
    .addHelpText(
      "after",
      `
Plans each stack as castle plan does, and shows every resource to the policy pack in policies/ as Pulumi would. What
fails: a violation of a mandatory rule, a critical rule that meets what is known only after deployment, and an exception
(policies/exceptions.ts) that has expired or that nothing needs.
Exit codes: 0 nothing fails; 1 something does, or a program fails; 2 bad usage; 130 interrupted.`,
    )
    .action(async (stacks: string[], options: ComplianceFlags) => {
      const { complianceCommand } = await import("./compliance-command.ts");
      process.exitCode = await complianceCommand(stacks, options);
    });
}
