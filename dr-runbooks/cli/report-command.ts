import { join, resolve } from "node:path";
import { z } from "zod";
import { listExecutions } from "../engine/record.ts";
import { ChromiumMissing, findChromium } from "../report/chromium.ts";
import { readReport } from "../report/execution/read.ts";
import { writeExecution } from "../report/execution/write.ts";
import { exitCode, reportError, UsageError } from "./exit.ts";
import { executionNamed } from "./find-execution.ts";
import { findTarget } from "./find-target.ts";
import type { ReportFlags } from "./register-report.ts";

/** `castle report`. @returns the exit code */
export async function reportCommand(name: string, flags: ReportFlags): Promise<number> {
  try {
    const outageSince = timeOf(flags.outageSince);
    if (flags.json && (flags.pdf || flags.out !== undefined))
      throw new UsageError("--json prints the report and writes nothing: not with --pdf or --out");
    if (flags.pdf) requireChromium();
    const target = await findTarget(flags, { recordsOnly: true });
    const { id } = executionNamed(name, await listExecutions(target.runsFolder));
    const publicKey = flags.key === undefined ? undefined : resolve(flags.key);
    const report = await readReport({ target, id, outageSince, publicKey });
    if (flags.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    else {
      const folder = flags.out ?? join("reports", id);
      const { html, json, pdf } = await writeExecution(report, folder, { pdf: flags.pdf ?? false });
      for (const line of [report.verdict, html, json, ...(pdf === null ? [] : [pdf])])
        process.stdout.write(`${line}\n`);
    }
    for (const problem of report.evidence.problems) process.stderr.write(`castle: altered: ${problem}\n`);
    return report.evidence.holds ? exitCode.good : exitCode.failed;
  } catch (error) {
    return reportError(error);
  }
}

/** Before anything is written. @throws UsageError */
function requireChromium(): void {
  try {
    findChromium();
  } catch (error) {
    if (error instanceof ChromiumMissing) throw new UsageError(error.message);
    throw error;
  }
}

/** @throws UsageError */
function timeOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!z.iso.datetime({ offset: true }).safeParse(text).success)
    throw new UsageError(
      `--outage-since "${text}" is no time in ISO 8601 with its zone, such as 2026-11-27T12:06:50Z`,
    );
  const at = Date.parse(text);
  if (at > Date.now()) throw new UsageError(`--outage-since ${text} lies in the future`);
  return at;
}
