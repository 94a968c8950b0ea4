import { exitCode } from "@castle/dr-runbooks/cli/exit.ts";
import type { Command } from "commander";
import type { DrillOptions } from "../drill/options.ts";

/** What commander hands over: strings as typed, flags as booleans. */
interface Given {
  readonly json?: boolean;
  readonly keep?: boolean;
  readonly [option: string]: unknown;
}

/** Where reports go, in the current folder. */
const REPORTS = "reports";

/** `castle drill`: a region is lost under load, and no acknowledged order with it. */
export function registerDrillCommand(program: Command): void {
  program
    .command("drill")
    .description("lose a region under load on this machine, recover, and audit what became of every order")
    .option("--rps <n>", "requests a second (500)")
    .option("--seconds <n>", "length of each phase of steady load (12)")
    .option("--seed <n>", "of everything the traders choose (random; the report names it)")
    .option("--symbols <n>", "markets traded (3)")
    .option("--rtt <ms>", "round-trip time between the regions (20)")
    .option("--accounts <n>", "traders (100)")
    .option("--scenario <name>", "the story to play (region-loss); the others are short, see below")
    .option("--break <name>", "break one mechanism first: fence, journal, once, ledger")
    .option("--json", "print the report as JSON and nothing else; progress goes to stderr")
    .option("--keep", "leave the lab's folder, with logs and the traders' records")
    .addHelpText(
      "after",
      `
Scenarios:
  region-loss    a region is lost; failover, and a switchover home
  fence          the old cell is frozen, and wakes up after the failover
  journal        a region is lost while replication was behind
  once           the matching engine is killed
  ledger         nothing happens
  gateway-loss, cache-loss, journal-loss, peer-loss, link-loss
                 what heals by itself, without a handover

Examples:
  castle drill                      the loss of a region, and the way back
  castle drill --rps 800 --seed 7   more load; the same seed sends the same requests
  castle drill --scenario fence     the old cell wakes up and believes itself active
  castle drill --break fence        the same with the fence taken out: the audit has to find it
  castle drill --json | jq .audit

The page of the last drill: ${REPORTS}/latest/report.html. Exit codes: 0 every check holds, 1 one does not or the drill failed,
2 bad usage, 130 interrupted.`,
    )
    .action(async ({ json = false, keep = false, ...asked }: Given) => {
      const { drillOptions } = await import("../drill/options.ts");
      process.exitCode = await drill(drillOptions(asked), { json, keep });
    });
}

interface Manner {
  readonly json: boolean;
  readonly keep: boolean;
}

async function drill(options: DrillOptions, { json, keep }: Manner): Promise<number> {
  const [{ runDrill }, { Progress }, { summary }, { writeReport }] = await Promise.all([
    import("../drill/drill.ts"),
    import("../drill/progress.ts"),
    import("../drill/summary.ts"),
    import("@castle/dr-runbooks/report/write.ts"),
  ]);
  const interruption = interruptedBySignals();
  const progress = new Progress(json ? process.stderr : process.stdout);
  try {
    const { signal } = interruption;
    const report = await runDrill(options, { keep, signal, onEvent: (event) => progress.show(event) });
    progress.end();
    const { html } = await writeReport(report, REPORTS);
    process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : summary(report, html));
    return report.verdict === "pass" ? exitCode.good : exitCode.failed;
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    process.stderr.write("interrupted; nothing of the lab is left running\n");
    return exitCode.interrupted;
  } finally {
    progress.end();
    interruption.ignore();
  }
}

/**
 * The first Ctrl-C (or SIGTERM) ends the drill in order; another one ends this process at once, and the lab's reaper
 * clears away what it leaves.
 */
function interruptedBySignals(): { readonly signal: AbortSignal; readonly ignore: () => void } {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(exitCode.interrupted);
    controller.abort(new Error("interrupted"));
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  return {
    signal: controller.signal,
    ignore: () => process.off("SIGINT", interrupt).off("SIGTERM", interrupt),
  };
}
