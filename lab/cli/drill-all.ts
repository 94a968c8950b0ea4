import { join } from "node:path";
import { exitCode, UsageError } from "@castle/dr-runbooks/cli/exit.ts";
import type { ComparedPlay } from "@castle/dr-runbooks/report/comparison.ts";
import { writeComparison } from "@castle/dr-runbooks/report/comparison-page.ts";
import { formatMs } from "@castle/dr-runbooks/report/format.ts";
import { playAll } from "../drill/all.ts";
import { type ScenarioName, scenarioNames, withoutAlias } from "../drill/scenario-names.ts";
import { interruptedBySignals } from "./drill-interruption.ts";

export interface AllAsked {
  readonly only?: string;
  readonly times?: string;
  readonly seed?: string;
}

/** The stories asked for, in the order in which they are played. @throws UsageError that names the unknown ones */
export function chosen(only: string | undefined): readonly ScenarioName[] {
  if (only === undefined) return scenarioNames;
  const wanted = new Set(only.split(",").map((name) => withoutAlias(name.trim())));
  const unknown = [...wanted].filter((name) => !scenarioNames.some((known) => known === name));
  if (unknown.length > 0)
    throw new UsageError(
      `unknown scenario: ${unknown.join(", ")}; known: ${scenarioNames.join(", ")} (castle drill --list)`,
    );
  return scenarioNames.filter((name) => wanted.has(name));
}

export function wholeNumber(
  what: string,
  given: string | undefined,
  otherwise: number,
  most: number,
): number {
  const n = given === undefined ? otherwise : Number(given);
  if (given !== "" && Number.isInteger(n) && n >= 0 && n <= most) return n;
  throw new UsageError(`${what} must be a whole number up to ${most}, not "${given}"`);
}

/** `castle drill --all`. @returns the exit code */
export async function drillAll(
  asked: AllAsked,
  { json }: { json: boolean },
  reports: string,
): Promise<number> {
  const names = chosen(asked.only);
  const times = wholeNumber("--times", asked.times, 1, 1_000);
  if (times < 1) throw new UsageError("--times must be at least 1");
  const seed = wholeNumber("--seed", asked.seed, Math.floor(Math.random() * 2 ** 20), 2 ** 30);
  const out = json ? process.stderr : process.stdout;
  const folder = join(reports, `all-${new Date().toISOString().replace(/\.\d+/, "").replaceAll(":", "-")}`);
  const interruption = interruptedBySignals();
  const took: number[] = [];
  try {
    const comparison = await playAll({
      ...{ names, times, seed, folder, signal: interruption.signal },
      onPlay: (play, left) => {
        took.push(play.tookMs);
        out.write(`${playLine(play, left, took)}\n`);
      },
    });
    const page = await writeComparison(comparison, folder);
    process.stdout.write(
      json
        ? `${JSON.stringify(comparison, null, 2)}\n`
        : `\n  ${comparison.verdict === "pass" ? "✓ PASS" : "✗ FAIL"}: ${comparison.plays.filter(({ verdict }) => verdict === "pass").length} of ${comparison.plays.length} passed in ${formatMs(comparison.durationMs)}\n  comparison: ${page}\n`,
    );
    return comparison.verdict === "pass" ? exitCode.good : exitCode.failed;
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    process.stderr.write("interrupted; nothing of the lab is left running\n");
    return exitCode.interrupted;
  } finally {
    interruption.ignore();
  }
}

/** The line that stays for a play: its verdict, what is wrong, and how long the others may take. */
export function playLine(play: ComparedPlay, left: number, took: readonly number[]): string {
  const { scenario, nth, verdict, tookMs, findings, seed } = play;
  const each = took.reduce((sum, ms) => sum + ms, 0) / Math.max(1, took.length);
  const name = nth === 1 ? scenario : `${scenario} (${nth})`;
  const rest = left === 0 ? "" : ` · ${left} to go, about ${formatMs(each * left)}`;
  const head = `  ${verdict === "pass" ? "✓" : "✗"} ${name.padEnd(28)} ${formatMs(tookMs).padStart(8)}${rest}`;
  return [head, ...findings.map((finding) => `      ${finding} (seed ${seed})`)].join("\n");
}
