import type { Command } from "commander";

/** What commander hands over: strings as typed, flags as booleans. */
interface Given {
  readonly json?: boolean;
  readonly keep?: boolean;
  readonly [option: string]: unknown;
}

const INTERRUPTED = 130;

/** `castle drill`: a region is lost under load, and nobody's order with it. */
export function registerDrillCommand(program: Command): void {
  program
    .command("drill")
    .description("rehearse the loss of a region on this machine, and audit what became of every order")
    .option("--rps <n>", "requests a second (500)")
    .option("--seconds <n>", "length of each phase of steady load (12)")
    .option("--seed <n>", "of everything the traders choose (random; the report names it)")
    .option("--symbols <n>", "markets traded (3)")
    .option("--rtt <ms>", "round-trip time between the regions (20)")
    .option("--accounts <n>", "traders (100)")
    .option("--scenario <name>", "region-loss, or a short one: fence, journal, once, ledger")
    .option(
      "--break <name>",
      "break one mechanism first, and see the audit find out: fence, journal, once, ledger",
    )
    .option("--json", "print the report as JSON and nothing else; progress goes to stderr")
    .option("--keep", "leave the lab's folder, with logs and the traders' records")
    .action(async (given: Given) => {
      process.exitCode = await drill(given);
    });
}

async function drill({ json = false, keep = false, ...asked }: Given): Promise<number> {
  const { BadDrillOptions, drillOptions } = await import("../drill/options.ts");
  try {
    return await play(drillOptions(asked), { json, keep });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error instanceof BadDrillOptions ? 2 : 1;
  }
}

async function play(
  options: import("../drill/options.ts").DrillOptions,
  { json, keep }: { readonly json: boolean; readonly keep: boolean },
): Promise<number> {
  const [{ runDrill }, { Progress }, { summary }, { writeReport }] = await Promise.all([
    import("../drill/drill.ts"),
    import("../drill/progress.ts"),
    import("../drill/summary.ts"),
    import("@castle/dr-runbooks/report/write.ts"),
  ]);
  const interruption = interruptedBySignals();
  const progress = new Progress(json ? process.stderr : process.stdout);
  try {
    const report = await runDrill(options, {
      keep,
      signal: interruption.signal,
      onEvent: (event) => progress.show(event),
    });
    progress.end();
    const { html } = await writeReport(report, "reports");
    process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : summary(report, html));
    return report.verdict === "pass" ? 0 : 1;
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    process.stderr.write("interrupted; nothing of the lab is left running\n");
    return INTERRUPTED;
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
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort(new Error("interrupted"));
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  return {
    signal: controller.signal,
    ignore: () => process.off("SIGINT", interrupt).off("SIGTERM", interrupt),
  };
}
