import type { Command } from "commander";
import type { TargetFlags } from "./target-options.ts";

/** What commander hands over. */
export interface ReadinessFlags extends TargetFlags {
  readonly watch?: boolean;
  readonly every: string;
  readonly metrics?: string;
  /** true: of the peer's region. */
  readonly restoreTest?: string | true;
  readonly json?: boolean;
}

export function registerReadinessCommand(program: Command): void {
  program
    .command("readiness")
    .description("show whether the peer could take over now, how long it would take, and what would be lost")
    .option("--watch", "look again and again; tell what changes, and a line a minute")
    .option("--every <span>", "between two looks with --watch, for example 15s or 2m", "15s")
    .option("--metrics <port>", "serve Prometheus metrics on this machine; looks again and again, too")
    .option(
      "--restore-test [region]",
      "restore the newest backup beside the live one, look through it, delete it",
    )
    .option("--json", "as JSON; a line for each look with --watch")
    .addHelpText(
      "after",
      `
Examples:
  castle readiness                                   every check, once
  castle readiness --json | jq '.checks[] | select(.outcome != "holds")'
  castle readiness --watch --every 30s               until Ctrl-C
  castle readiness --restore-test                    of the region that would take over; by the hour on AWS
  castle readiness --metrics 9464                    for Prometheus, at http://127.0.0.1:9464/metrics

Changes nothing, but for --restore-test, which makes a cluster of the newest snapshot and deletes it again, also on
Ctrl-C; the live database is only read. A check that cannot see what it looks for is unknown, and the peer then not ready. Checks of what the
target does not configure (images, secrets, quotas) are shown, and count neither way.
Exit codes: 0 every check holds, 1 one fails, warns or is unknown, 2 bad usage, 130 interrupted.`,
    )
    .action(async (flags: ReadinessFlags) => {
      const { readinessCommand } = await import("./readiness-command.ts");
      process.exitCode = await readinessCommand(flags);
    });
}
