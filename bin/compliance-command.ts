import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { exitCode } from "@castle/dr-runbooks/cli/exit.ts";
import { castleProgram } from "@castle/infra/plan/castle-program.ts";
import { holds } from "@castle/policies/compliance/compliance.ts";
import { jsonOf } from "@castle/policies/compliance/json.ts";
import { judgeCompliance } from "@castle/policies/compliance/judge.ts";
import { renderCompliance } from "@castle/policies/compliance/page/page.ts";
import { sarifOf } from "@castle/policies/compliance/sarif.ts";
import { tellCompliance } from "@castle/policies/compliance/tell.ts";
import { type Framework, frameworks } from "@castle/policies/frameworks.ts";
import { type Command, Option } from "commander";
import { requireKnownStacks } from "./named-stacks.ts";
import { untilStopped } from "./until-stopped.ts";

interface Given {
  readonly framework?: Framework;
  readonly json?: boolean;
  readonly sarif?: string;
  readonly html?: string;
}

/** Many times what it takes. */
const LIMIT_MINUTES = 3;

/** `castle compliance`: whether what a deployment would make keeps every rule, before anything is made. */
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
    .action(async (stacks: string[], options: Given) => {
      process.exitCode = await complianceCommand(stacks, options);
    });
}

async function complianceCommand(
  stacks: readonly string[],
  { framework, json = false, sarif, html }: Given,
): Promise<number> {
  requireKnownStacks(stacks);
  const ended = await untilStopped(LIMIT_MINUTES, (signal) =>
    judgeCompliance(stacks.map(castleProgram), framework ?? null, signal),
  );
  if (ended === "interrupted") return exitCode.interrupted;
  const compliance = ended.result;
  const written = [
    ...(sarif === undefined ? [] : [await write(sarif, sarifOf(compliance))]),
    ...(html === undefined ? [] : [await write(html, renderCompliance(compliance))]),
  ];
  process.stdout.write(
    json
      ? `${JSON.stringify(jsonOf(compliance), null, 1)}\n`
      : `${[...tellCompliance(compliance), ...written].join("\n")}\n`,
  );
  return holds(compliance) ? exitCode.good : exitCode.failed;
}

async function write(file: string, text: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}
