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
import { requireKnownStacks } from "./named-stacks.ts";
import type { ComplianceFlags } from "./register-compliance.ts";
import { untilStopped } from "./until-stopped.ts";

/** Many times what it takes. */
const LIMIT_MINUTES = 3;

/** `castle compliance`. @returns the exit code */
export async function complianceCommand(
  stacks: readonly string[],
  { framework, json = false, sarif, html }: ComplianceFlags,
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
