import { Duration } from "@castle/regions/duration.ts";
import type { Summary } from "../engine/summary.ts";
import { tellWho } from "../engine/who.ts";
import type { ExecutionDetails, StepDetails } from "../runbooks/details.ts";

const instant = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
const span = (ms: number): string => Duration.ms(Math.max(0, ms)).toString();

/** Every execution, a line each, the oldest first. Pure. */
export function tellSummaries(summaries: readonly Summary[]): string[] {
  if (summaries.length === 0) return ["nothing was run yet"];
  const rows = summaries.map(({ id, state, startedAt, ms, by }) => [
    id,
    state,
    instant(startedAt),
    span(ms),
    [...new Set(by.map(({ user, host }) => `${user} on ${host}`))].join(", ") || "unknown",
  ]);
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** One execution with its steps, and how to go on. Pure. */
export function tellDetails(details: ExecutionDetails): string[] {
  const { id, runbook, state, startedAt, ms, by, steps, because, failure, goOn } = details;
  return [
    `${id}: ${runbook}, ${state}${because === null ? "" : ` (${because})`}`,
    `  begun ${instant(startedAt)}, ${span(ms)}`,
    ...by.map((who, index) => `  ${index === 0 ? "by" : "continued by"} ${tellWho(who)}`),
    "",
    ...steps.flatMap(tellStep),
    ...(failure
      ? [
          "",
          `That ${failure.step} failed means: ${failure.means}`,
          ...failure.then.map((sentence, index) => `  ${index + 1}. ${sentence}`),
        ]
      : []),
    ...(goOn.length === 0 ? [] : ["", ...goOn]),
  ];
}

function tellStep({ name, outcome, startedAt, ms, facts, error }: StepDetails): string[] {
  const since = outcome === "running" && startedAt !== null ? `since ${instant(startedAt)}, ` : "";
  const took = ms === null ? "" : `${since}${span(ms)}`;
  const told = Object.entries(facts).map(([fact, value]) => `${fact} ${JSON.stringify(value)}`);
  const line = `  ${name.padEnd(26)} ${outcome.padEnd(12)} ${[took, ...told].filter(Boolean).join(", ")}`;
  return [line.trimEnd(), ...(error === null ? [] : [`    ${error}`])];
}
