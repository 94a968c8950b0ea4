import { exitCode, UsageError } from "@castle/dr-runbooks/cli/exit.ts";
import type { ExecutionReport } from "@castle/dr-runbooks/report/execution/report.ts";
import type { Command } from "commander";
import type { DrillOptions } from "../drill/options.ts";
import { aliases, scenarioNames } from "../drill/scenario-names.ts";
import { interruptedBySignals } from "./drill-interruption.ts";
import type { RandomAsked } from "./drill-random.ts";

/** What commander hands over: strings as typed, flags as booleans. */
interface Given {
  readonly json?: boolean;
  readonly keep?: boolean;
  readonly pdf?: boolean;
  readonly list?: boolean;
  readonly all?: boolean;
  readonly random?: boolean;
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
    .option("--seconds <n>", "length of each phase of steady load (12); with --random: of each schedule (4)")
    .option("--seed <n>", "of everything the traders choose (random; the report names it)")
    .option("--symbols <n>", "markets traded (3)")
    .option("--rtt <ms>", "round-trip time between the regions (20)")
    .option("--accounts <n>", "traders (100)")
    .option("--scenario <name>", "the story to play (region-loss); the others are short, see below")
    .option("--break <name>", "break one mechanism first: fence, journal, once, ledger")
    .option("--list", "tell every scenario: what happens, and what must hold")
    .option("--all", "play every scenario, one after the other, and compare them on one page")
    .option("--only <names>", "with --all: these alone, separated by commas")
    .option("--times <n>", "with --all: each so often (1)")
    .option("--random", "play faults and operators' commands at random moments; the same seed, the same ones")
    .option("--found", "with --random: the seeds that once found a defect")
    .option("--runs <n>", "with --random: so many, with this seed and the ones that follow it (10)")
    .option("--pdf", "print the report and those of its executions through Chromium, too")
    .option("--json", "print the report as JSON and nothing else; progress goes to stderr")
    .option("--keep", "leave the lab's folder, with logs and the traders' records")
    .addHelpText(
      "after",
      `
Scenarios (castle drill --list tells what each is about):
${columns([...scenarioNames, ...Object.keys(aliases)])}

Examples:
  castle drill                      the loss of a region, and the way back
  castle drill --rps 800 --seed 7   more load; the same seed sends the same requests
  castle drill --scenario fence     the old cell wakes up and believes itself active
  castle drill --break fence        the same with the fence taken out: the audit has to find it
  castle drill --json | jq .audit
  castle drill --all                every scenario; --only fence,journal for some of them
  castle drill --random --runs 20   twenty schedules of faults; what fails tells its seed
  castle drill --random --seed 17 --runs 1
  castle drill --random --found     what once failed, again
                                    the schedule of seed 17 again

The page of the last drill: ${REPORTS}/latest/report.html. Exit codes: 0 every check holds
that is judged (a figure of speed is not, where something other than Castle held the machine), 1 one does not or the drill failed, 2 bad
usage, 130 interrupted.`,
    )
    .action(async (given: Given) => {
      process.exitCode = await carryOut(given);
    });
}

/** @returns the exit code */
async function carryOut({ json = false, keep = false, pdf = false, ...asked }: Given): Promise<number> {
  const { list, all, random, ...rest } = asked;
  if ([list, all, random].filter(Boolean).length > 1)
    throw new UsageError("--list, --all and --random: one of them");
  if (pdf && (list || all || random)) throw new UsageError("--pdf: not with --list, --all or --random");
  if (pdf) await requireChromium();
  if (list) {
    requireOnly(rest, [], "--list");
    const { listedScenarios, listText } = await import("./drill-list.ts");
    const listed = listedScenarios();
    process.stdout.write(json ? `${JSON.stringify(listed, null, 2)}\n` : listText(listed));
    return exitCode.good;
  }
  if (all) {
    requireOnly(rest, ["only", "times", "seed"], "--all");
    const { drillAll } = await import("./drill-all.ts");
    return drillAll(rest as Strings, { json }, REPORTS);
  }
  if (random) {
    requireOnly(rest, ["runs", "seed", "seconds", "found"], "--random");
    const { drillRandom } = await import("./drill-random.ts");
    return drillRandom(rest as RandomAsked, { json, keep });
  }
  const { drillOptions } = await import("../drill/options.ts");
  return drill(drillOptions(rest), { json, keep, pdf });
}

type Strings = Readonly<Record<string, string>>;

/** @throws UsageError that names the options which mean nothing here */
function requireOnly(asked: Readonly<Record<string, unknown>>, known: readonly string[], flag: string): void {
  const foreign = Object.keys(asked).filter((name) => !known.includes(name));
  if (foreign.length > 0) throw new UsageError(`--${foreign.join(", --")}: not with ${flag}`);
}

/** Scenario names side by side, as a help text has them. */
function columns(names: readonly string[]): string {
  const width = Math.max(...names.map((name) => name.length)) + 2;
  const across = 3;
  const rows = Array.from({ length: Math.ceil(names.length / across) }, (_, row) =>
    names.slice(row * across, (row + 1) * across),
  );
  return rows.map((row) => `  ${row.map((name) => name.padEnd(width)).join("")}`.trimEnd()).join("\n");
}

interface Manner {
  readonly json: boolean;
  readonly keep: boolean;
  readonly pdf: boolean;
}

/** Before a lab is started for it. @throws UsageError */
async function requireChromium(): Promise<void> {
  const { ChromiumMissing, findChromium } = await import("@castle/dr-runbooks/report/chromium.ts");
  try {
    findChromium();
  } catch (error) {
    if (error instanceof ChromiumMissing) throw new UsageError(error.message);
    throw error;
  }
}

async function drill(options: DrillOptions, { json, keep, pdf }: Manner): Promise<number> {
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
    let executions: readonly ExecutionReport[] = [];
    const report = await runDrill(options, {
      ...{ keep, signal, looks: true },
      onEvent: (event) => progress.show(event),
      onExecutions: (read) => {
        executions = read;
      },
    });
    progress.end();
    const { html } = await writeReport(report, REPORTS, { executions, pdf });
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
