import type { RandomRun } from "./random.ts";

/** What befell the platform in all the runs together, and how often, the most frequent first. Pure. */
export function compositionOf(
  runs: readonly Pick<RandomRun, "schedule" | "commands">[],
): Map<string, number> {
  const counted = new Map<string, number>();
  const count = (what: string): void => void counted.set(what, (counted.get(what) ?? 0) + 1);
  for (const { schedule, commands } of runs) {
    for (const { blow } of schedule.blows) count(blow.kind);
    for (const { fate } of commands) if (fate !== "lives") count(`runner ${fate}`);
  }
  return new Map([...counted].sort(([a, many], [b, more]) => more - many || a.localeCompare(b)));
}

/** @example `7 kill-process · 4 failover · 2 runner killed` */
export const tellComposition = (composition: ReadonlyMap<string, number>): string =>
  [...composition].map(([what, times]) => `${times} ${what}`).join(" · ");
