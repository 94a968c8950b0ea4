import type { Duration } from "@castle/regions/duration.ts";
import { ACCELERATOR_REGION } from "../clients.ts";
import type { Call, RetryPolicy } from "../engine/step.ts";

/** As a person says it: `15 min`, `5 s`, `200 ms`. */
export function tellDuration({ ms }: Duration): string {
  if (ms >= 60_000 && ms % 60_000 === 0) return `${ms / 60_000} min`;
  return ms >= 1_000 ? `${ms / 1_000} s` : `${ms} ms`;
}

/** How often a step is tried, and after what besides what passes for all. */
export function tellRetry({ attempts, pause, also }: RetryPolicy): string {
  const often = Number.isFinite(attempts)
    ? `${attempts} times at most, ${tellDuration(pause)} apart`
    : `until its time is up, every ${tellDuration(pause)}`;
  return also === undefined ? often : `${often}; also after ${also}`;
}

const places: Readonly<Record<Call["in"], string>> = {
  target: "target",
  old: "old region",
  witness: "witness region",
  accelerator: ACCELERATOR_REGION,
};

/** `rds:FailoverGlobalCluster (target)`, as IAM names it; one that changes something is set in bold. */
export const tellCall = ({ service, operation, in: where, reads }: Call): string =>
  reads ? `${service}:${operation} (${places[where]})` : `**${service}:${operation}** (${places[where]})`;

/** A text as the cell of a Markdown table. */
export const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

export const bullets = (sentences: readonly string[]): string =>
  sentences.map((sentence) => `- ${sentence}`).join("\n");

export const numbered = (sentences: readonly string[]): string =>
  sentences.map((sentence, index) => `${index + 1}. ${sentence}`).join("\n");
