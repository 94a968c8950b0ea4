import { connectTo } from "../readiness/connections.ts";
import { Look } from "../readiness/look.ts";
import { tellSpan } from "../readiness/span.ts";
import { type RestoreTold, testRestore } from "../restore-test/restore-test.ts";
import type { CellRegion } from "../target.ts";
import { exitCode, UsageError, warn } from "./exit.ts";
import { cellRegionNamed, findTarget } from "./find-target.ts";
import type { ReadinessFlags } from "./register-readiness.ts";

/** `castle readiness --restore-test`. @returns the exit code. @throws UsageError */
export async function restoreTestCommand(flags: ReadinessFlags): Promise<number> {
  if (flags.watch || flags.metrics !== undefined)
    throw new UsageError(
      "--restore-test makes a database and deletes it, once: not with --watch or --metrics",
    );
  const asked = typeof flags.restoreTest === "string" ? cellRegionNamed(flags.restoreTest) : null;
  const target = await findTarget(flags);
  const connections = connectTo(target);
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) {
      warn([`ended at once: look for what is left with aws rds describe-db-clusters`]);
      process.exit(exitCode.interrupted);
    }
    warn([
      "ending; what was made is deleted first. Once more, and it ends right here and leaves that behind",
    ]);
    stop.abort();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  try {
    const region: CellRegion = asked ?? (await new Look(connections, Date.now()).sides()).peer;
    const told = await testRestore({
      ...{ connections, region, signal: stop.signal },
      onProgress: (what) => warn([what]),
    });
    process.stdout.write(
      `${flags.json ? JSON.stringify(told, null, 2) : tellRestore(told, Date.now()).join("\n")}\n`,
    );
    if (told.ended) return exitCode.interrupted;
    return told.holds ? exitCode.good : exitCode.failed;
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
    await connections.close();
  }
}

/** Pure. @param now milliseconds since 1970 */
export function tellRestore(told: RestoreTold, now: number): string[] {
  const { region, snapshot, cluster, holds, ended, problems, streams, restoreMs, lookMs, ms, removed } = told;
  const of = snapshot
    ? `${snapshot.identifier} of ${region}, taken ${tellSpan(Math.max(0, now - snapshot.takenAt) / 1_000)} ago`
    : `${region} has no snapshot`;
  const verdict = ended ? "NOT SHOWN" : holds ? "RESTORES" : "DOES NOT RESTORE";
  const took = (what: string, span: number | null): string =>
    span === null ? `never ${what.replace(/ \w+$/, "")}` : `${what} ${tellSpan(span / 1_000)}`;
  return [
    `${verdict}  ${of}`,
    `  restored  ${took("took connections after", restoreMs)}, ${took("looked through in", lookMs)}; ${tellSpan(ms / 1_000)} in all`,
    ...Object.entries(streams).map(([stream, seq]) => `  ${stream.padEnd(9)} up to ${seq}`),
    ...(holds ? ["  holds     schema, every stream without a gap, and postings that sum to zero"] : []),
    ...problems.map((problem) => `  problem   ${problem}`),
    `  ${removed ? "deleted " : "LEFT    "}  ${cluster}`,
  ];
}
