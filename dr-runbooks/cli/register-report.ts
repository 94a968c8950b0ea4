import type { Command } from "commander";
import type { TargetFlags } from "./target-options.ts";

/** `castle report`. What carries it out is loaded only when it is called. */
export function registerReport(program: Command): void {
  program
    .command("report")
    .description(
      "write what an auditor is handed of one execution: report.html, report.json and, with --pdf, report.pdf",
    )
    .argument("<execution>", "its id, a beginning of it that no other has, or its number, the newest being 1")
    .option("--out <folder>", "where to write (default: reports/EXECUTION)")
    .option("--pdf", "print it through Chromium, too")
    .option(
      "--outage-since <time>",
      "when the outage began, in ISO 8601: the recovery time counts from there",
    )
    .option("--key <file>", "the public key to trust (default: the one beside the records)")
    .option("--json", "print the report as JSON, and write nothing")
    .addHelpText(
      "after",
      `
Objective against achieved recovery time and point, what ran when, every step and every call to AWS, who approved what and
who acted, readiness before and after, and the hashes of the signed record that all of it is made from.

Examples:
  castle report 1                                       the newest execution
  castle report failover-2 --pdf --out handover-audit   with a PDF, into a folder of its own
  castle report 1 --outage-since 2026-11-27T12:06:50Z   the recovery time from there
  castle report 1 --json | jq .recoveryTime

Exit codes: 0 written and the record is as it was written, 1 it was altered or cannot be read, 2 bad usage.`,
    )
    .action(async (execution: string, options: ReportFlags) => {
      const { reportCommand } = await import("./report-command.ts");
      process.exitCode = await reportCommand(execution, options);
    });
}

/** What commander hands over. */
export interface ReportFlags extends TargetFlags {
  readonly out?: string;
  readonly pdf?: boolean;
  readonly outageSince?: string;
  readonly key?: string;
  readonly json?: boolean;
}
