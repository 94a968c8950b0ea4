import { Duration } from "@castle/regions/duration.ts";
import type { Summary } from "../engine/summary.ts";
import { tellWho } from "../engine/who.ts";
import type { ApprovalDetails, ExecutionDetails, StepDetails } from "../runbooks/details.ts";
import { tellHow } from "./display.ts";

const instant = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
const span = (ms: number): string => Duration.ms(Math.max(0, ms)).toString();

/** Every execution, a line each, the oldest first; by its number it can be named, too. Pure. */
export function tellSummaries(summaries: readonly (Summary & { readonly number: number })[]): string[] {
  if (summaries.length === 0) return ["nothing was run yet"];
  const rows = summaries.map(({ number, id, state, startedAt, ms, by, waitsFor }) => [
    `${number}`,
    id,
    waitsFor === null ? state : `${state} (for ${waitsFor})`,
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
  const { id, runbook, state, startedAt, ms, by, steps, approvals, because, failure, goOn } = details;
  return [
    `${id}: ${runbook}, ${state}${because === null ? "" : ` (${because})`}`,
    `  begun ${instant(startedAt)}, ${span(ms)}`,
    ...by.map((who, index) => `  ${index === 0 ? "by" : "continued by"} ${tellWho(who)}`),
    "",
    ...steps.flatMap(tellStep),
    ...(approvals.length === 0 ? [] : ["", ...approvals.flatMap(tellApproval)]),
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

function tellApproval({ name, state, figures, until, answer, refused }: ApprovalDetails): string[] {
  const by = answer ? ` by ${tellAnswer(answer)}` : "";
  const waits = state === "asked" && until !== null ? `, figures that count until ${instant(until)}` : "";
  return [
    `  ${name.padEnd(26)} ${state}${by}${waits}`,
    ...figures.map((figure) => `    ${figure}`),
    ...refused.map(({ file, because }) => `    refused${file === undefined ? "" : ` ${file}`}: ${because}`),
  ];
}

const tellAnswer = ({
  at,
  how,
  by,
  approver,
  key,
  because,
}: NonNullable<ApprovalDetails["answer"]>): string =>
  [
    approver === undefined ? tellWho(by) : `${approver}, key ${key ?? "unknown"}, ${tellWho(by)}`,
    `${tellHow(how)}, ${instant(at)}${because === undefined ? "" : `: ${because}`}`,
  ].join(", ");

function tellStep({ name, outcome, startedAt, ms, facts, error }: StepDetails): string[] {
  const since = outcome === "running" && startedAt !== null ? `since ${instant(startedAt)}, ` : "";
  const took = ms === null ? "" : `${since}${span(ms)}`;
  const told = Object.entries(facts).map(([fact, value]) => `${fact} ${JSON.stringify(value)}`);
  const line = `  ${name.padEnd(26)} ${outcome.padEnd(12)} ${[took, ...told].filter(Boolean).join(", ")}`;
  return [line.trimEnd(), ...(error === null ? [] : [`    ${error}`])];
}
