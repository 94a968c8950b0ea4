import { basename } from "node:path";
import {
  type About,
  brokenPlay,
  type ComparedPlay,
  type Comparison,
  comparedPlay,
  comparisonVerdict,
} from "@castle/dr-runbooks/report/comparison.ts";
import { writeReport } from "@castle/dr-runbooks/report/write.ts";
import { Lab } from "../lab.ts";
import { now } from "../traders/clock.ts";
import type { DrillEvent } from "./chronicle.ts";
import { runDrill } from "./drill.ts";
import { drillOptions } from "./options.ts";
import { type ScenarioName, scenarios } from "./scenarios.ts";
import { thisMachine } from "./surroundings.ts";
import { isAsNew } from "./whole.ts";

/** Every story is short here: what it shows does not depend on its length. */
const load = { rps: 120, seconds: 2, judgeSpeed: false } as const;

export interface AllOptions {
  readonly names: readonly ScenarioName[];
  /** How often each is played. */
  readonly times: number;
  /** Of the first play; the next ones get the next numbers. */
  readonly seed: number;
  /** Where the reports go. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onEvent?: (event: DrillEvent) => void;
  /** Told after each play, with how many are left. */
  readonly onPlay: (play: ComparedPlay, left: number) => void;
}

/** The order of the plays: all of them once, then again. Pure. */
export const playsOf = (
  names: readonly ScenarioName[],
  times: number,
): { readonly scenario: ScenarioName; readonly nth: number }[] =>
  Array.from({ length: times }, (_, i) => names.map((scenario) => ({ scenario, nth: i + 1 }))).flat();

/**
 * Plays the scenarios one after the other, in one lab for as long as each leaves it as it was found. A failure ends
 * nothing but its own play. @throws the signal's reason
 */
export async function playAll(options: AllOptions): Promise<Comparison> {
  const { signal, onPlay } = options;
  const beganAt = now();
  const labs = new Labs();
  const plays: ComparedPlay[] = [];
  const wanted = playsOf(options.names, options.times);
  try {
    for (const [i, { scenario, nth }] of wanted.entries()) {
      signal.throwIfAborted();
      const play = await playOne(options, labs, { scenario, nth, seed: options.seed + i });
      plays.push(play);
      onPlay(play, wanted.length - plays.length);
    }
  } finally {
    await labs.end();
  }
  return {
    format: 1,
    verdict: comparisonVerdict(plays),
    startedAt: new Date(beganAt).toISOString(),
    durationMs: Math.round(now() - beganAt),
    machine: thisMachine(),
    plays,
  };
}

async function playOne(
  { folder, signal, onEvent }: AllOptions,
  labs: Labs,
  which: { readonly scenario: ScenarioName; readonly nth: number; readonly seed: number },
): Promise<ComparedPlay> {
  const beganAt = now();
  const { happens, holds } = scenarios[which.scenario];
  const about = (): About => ({ ...which, happens, holds, tookMs: Math.round(now() - beganAt) });
  try {
    const lab = await labs.whole();
    const report = await runDrill(drillOptions({ scenario: which.scenario, seed: which.seed, ...load }), {
      ...{ lab, signal },
      ...(onEvent ? { onEvent } : {}),
    });
    const written = await writeReport(report, folder);
    // Who failed may have left more behind than shows.
    if (report.verdict === "fail") await labs.end();
    return comparedPlay(about(), report, `${basename(written.folder)}/${basename(written.html)}`);
  } catch (error) {
    await labs.end();
    signal.throwIfAborted();
    return brokenPlay(about(), `it could not be played: ${error instanceof Error ? error.message : error}`);
  }
}

/** The lab at hand, or a new one. */
class Labs {
  #lab: Lab | null = null;

  async whole(): Promise<Lab> {
    if (this.#lab && !(await isAsNew(this.#lab))) await this.end();
    this.#lab ??= await Lab.up();
    return this.#lab;
  }

  async end(): Promise<void> {
    await this.#lab?.down();
    this.#lab = null;
  }
}
