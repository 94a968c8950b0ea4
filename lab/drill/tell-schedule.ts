import type { Blow, RunnerFate, Schedule } from "./schedule.ts";

/** A schedule in words, a blow each. */
export const told = ({ blows }: Schedule): string[] =>
  blows.map(
    ({ atMs, forMs, blow }) =>
      `${(atMs / 1_000).toFixed(2)} s  ${tellBlow(blow)}${forMs === null ? "" : ` for ${forMs} ms`}`,
  );

function tellBlow(blow: Blow): string {
  if ("runner" in blow) return `${blow.kind}${tellFate(blow.runner)}`;
  return Object.values(blow).join(" ");
}

function tellFate(runner: RunnerFate): string {
  if (runner.fate === "lives") return "";
  const { fate, line, afterMs } = runner;
  const span = fate === "suspended" ? ` for ${runner.forMs} ms` : "";
  return `, its runner ${fate} ${afterMs} ms behind line ${line}${span}`;
}
