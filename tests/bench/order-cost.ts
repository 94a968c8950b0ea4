/** What an acknowledged order costs in CPU time, beside a reference path: `node tests/bench/order-cost.ts --help`. */
import { join } from "node:path";
import { exitCode, reportError } from "@castle/dr-runbooks/cli/exit.ts";
import { interruptedBySignals } from "@castle/lab/cli/drill-interruption.ts";
import { Command, CommanderError } from "commander";
import { measureCastle, type PathRun } from "./order-cost/castle-path.ts";
import { type Comparison, compare, excess } from "./order-cost/compare.ts";
import { type BenchOptions, readOptions } from "./order-cost/options.ts";
import { measureReference } from "./order-cost/reference-path.ts";
import { render } from "./order-cost/render.ts";

const help = `
Castle is a whole lab: both regions, link and edge, and the drill's load generator with its listeners. The reference path
is one signed Express endpoint that commits the same orders in batches to a PostgreSQL server beside it, then to one 20 ms
away, and does nothing else; it is sent the same requests by the same load generator. At each rate Castle is measured
first, then the reference, each freshly started. An acknowledged order is an acknowledged command, a place or a cancel:
about three of four requests; CPU time spent on queries counts for the orders, in both. p99 is of commands, from the moment
each was due.

Examples:
  node tests/bench/order-cost.ts                          500 and 1,000 requests a second, about 3 minutes
  node tests/bench/order-cost.ts --rps 2000 --seconds 60
  node tests/bench/order-cost.ts --json | jq '.[].ratio'
  node tests/bench/order-cost.ts --check                  exit code 1 beyond 2.0 at 500, 1.7 at 1,000, or not served
  node tests/bench/order-cost.ts --rps 500 --profile profiles
                                                          a .cpuprofile of each service's window, for Chrome's developer
                                                          tools; profiling itself costs CPU time

Exit codes: 0 measured, 1 it could not be measured, or --check failed, 2 bad usage, 130 interrupted.`;

const program = new Command("order-cost")
  .description("CPU milliseconds an acknowledged order, by process, of Castle and of a reference path.")
  .option("--rps <list>", "requests a second, separated by commas", "500,1000")
  .option("--seconds <n>", "length of the measured window", "20")
  .option("--warm-up <n>", "seconds of load before it", "10")
  .option("--json", "print an array with one object a rate, and nothing else; progress goes to stderr")
  .option("--check", "fail when Castle costs more than its limit, or does not serve such a rate")
  .option("--profile <folder>", "take CPU profiles of Castle's services within the window")
  .addHelpText("after", help)
  .exitOverride();

const interruption = interruptedBySignals();
try {
  program.parse();
  process.exitCode = await run(readOptions(program.opts()));
} catch (error) {
  process.exitCode = codeOf(error);
}
// A server that froze keeps its connection, and would keep this process: what was to be done is done.
process.exit();

/** @returns the exit code */
async function run(options: BenchOptions): Promise<number> {
  const comparisons: Comparison[] = [];
  for (const rps of options.rates) comparisons.push(await compareAt(rps, options));
  process.stdout.write(options.json ? `${JSON.stringify(comparisons, null, 2)}\n` : render(comparisons));
  const failures = [
    ...comparisons
      .filter(({ ratio }) => ratio === null)
      .map(({ rps }) => `at ${rps} requests a second there is no ratio: nothing was acknowledged`),
    ...(options.check ? comparisons.flatMap((comparison) => excess(comparison) ?? []) : []),
  ];
  for (const failure of failures) process.stderr.write(`order-cost: ${failure}\n`);
  return failures.length === 0 ? exitCode.good : exitCode.failed;
}

async function compareAt(rps: number, options: BenchOptions): Promise<Comparison> {
  const { seconds, warmUpSeconds, profile } = options;
  const run: PathRun = {
    plan: { rps, warmUpMs: warmUpSeconds * 1_000, steadyMs: seconds * 1_000 },
    signal: interruption.signal,
    onProgress: (line) => process.stderr.write(`${rps} requests a second: ${line}\n`),
  };
  const castle = await measureCastle(run, profile === null ? null : join(profile, `${rps}`));
  const reference = await measureReference(run);
  return compare(castle, reference);
}

function codeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.good : exitCode.usage;
  if (!interruption.signal.aborted) return reportError(error);
  process.stderr.write("interrupted; nothing is left running\n");
  return exitCode.interrupted;
}
