import { exitCode, UsageError } from "@castle/dr-runbooks/cli/exit.ts";
import { formatMs } from "@castle/dr-runbooks/report/format.ts";
import { compositionOf, tellComposition } from "../drill/composition.ts";
import { foundSeeds } from "../drill/found-seeds.ts";
import { playSchedule, type RandomRun } from "../drill/random.ts";
import { told } from "../drill/tell-schedule.ts";
import { Lab } from "../lab.ts";
import { wholeNumber } from "./drill-all.ts";
import { interruptedBySignals } from "./drill-interruption.ts";

export interface RandomAsked {
  readonly seed?: string;
  readonly runs?: string;
  readonly seconds?: string;
  readonly found?: boolean;
}

/** `castle drill --random`. @returns the exit code */
export async function drillRandom(
  asked: RandomAsked,
  { json, keep }: { json: boolean; keep: boolean },
): Promise<number> {
  if (asked.found && (asked.seed !== undefined || asked.runs !== undefined))
    throw new UsageError("--found: not with --seed or --runs, for it says which seeds are played");
  const runs = wholeNumber("--runs", asked.runs, 10, 10_000);
  const seconds = wholeNumber("--seconds", asked.seconds, 4, 60);
  if (runs < 1 || seconds < 1) throw new UsageError("--runs and --seconds must be at least 1");
  const first = wholeNumber("--seed", asked.seed, Math.floor(Math.random() * 100_000), 2 ** 31 - 1 - runs);
  const seeds = asked.found
    ? foundSeeds.map(({ seed }) => seed)
    : Array.from({ length: runs }, (_, nth) => first + nth);
  const out = json ? process.stderr : process.stdout;
  const interruption = interruptedBySignals();
  const { signal } = interruption;
  const played: RandomRun[] = [];
  let lab: Lab | null = null;
  try {
    for (const seed of seeds) {
      lab ??= await Lab.up({ signal, keep });
      const notes: string[] = [];
      const run = await playSchedule(
        lab,
        { seed, lastsMs: seconds * 1_000 },
        { signal, onEvent: (event) => event.kind === "note" && notes.push(event.text) },
      );
      played.push(run);
      out.write(`${runText(run, { seconds, notes, left: seeds.length - played.length, all: played })}\n`);
      if (keep) out.write(`      kept, with logs and records: ${lab.folder}\n`);
      // Who failed may have left more behind than shows.
      if (run.violations.length > 0) {
        await lab.down();
        lab = null;
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    process.stderr.write("interrupted; nothing of the lab is left running\n");
    return exitCode.interrupted;
  } finally {
    await lab?.down();
    interruption.ignore();
  }
  out.write(`\n  what befell: ${tellComposition(compositionOf(played))}\n`);
  const failed = played.filter(({ violations }) => violations.length > 0);
  process.stdout.write(
    json
      ? `${JSON.stringify(played, null, 2)}\n`
      : `\n  ${failed.length === 0 ? "✓ PASS" : "✗ FAIL"}: ${played.length - failed.length} of ${played.length} schedules held every invariant\n`,
  );
  return failed.length === 0 ? exitCode.good : exitCode.failed;
}

/** A line for what held; for what did not, everything one needs to look into it. */
function runText(
  { schedule, violations, commands, tookMs, acknowledged }: RandomRun,
  about: {
    readonly seconds: number;
    readonly notes: readonly string[];
    readonly left: number;
    readonly all: readonly RandomRun[];
  },
): string {
  const { seconds, notes, left, all } = about;
  const each = all.reduce((sum, run) => sum + run.tookMs, 0) / all.length;
  const rest = left === 0 ? "" : ` · ${left} to go, about ${formatMs(each * left)}`;
  const what = [
    ...schedule.blows.map(({ blow }) => blow.kind),
    ...commands
      .filter(({ fate }) => fate !== "lives")
      .map(({ command, fate }) => `runner of ${command} ${fate}`),
  ].join(", ");
  const head = `  ${violations.length === 0 ? "✓" : "✗"} seed ${schedule.seed}  ${formatMs(tookMs)}  ${acknowledged} acknowledged · ${what}${rest}`;
  if (violations.length === 0) return head;
  return [
    head,
    ...violations.map((violation) => `      ✗ ${violation}`),
    ...told(schedule).map((blow) => `      ${blow}`),
    ...notes.map((note) => `      note: ${note}`),
    `      again: castle drill --random --seed ${schedule.seed} --runs 1 --seconds ${seconds}`,
  ].join("\n");
}
