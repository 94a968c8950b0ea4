import { peerOf } from "@castle/regions/catalogue.ts";
import { Duration } from "@castle/regions/duration.ts";
import type { DryRun } from "./dry-run.ts";
import type { Expected } from "./durations.ts";
import type { OperationDryRun } from "./operation.ts";
import type { DryStep, Rehearsal } from "./rehearse.ts";
import { isClear, isIdle, type Verdict } from "./verdict.ts";

/** A dry run for people, a line each. Pure. */
export function tellDryRun({ target, request, decision, exposure, ...rehearsal }: DryRun): string[] {
  const head = `dry run: ${request.kind} of ${target} to ${request.to}. Nothing is changed.`;
  const lost = exposure.map((line) => `  ${line}`);
  if (decision.kind === "refuse") return [head, ...lost, "", `It would be refused: ${decision.because}`];
  const begins =
    decision.kind === "resume"
      ? `It would continue ${decision.id}, ${decision.from === "top" ? "from the top" : "behind the last step that is done"}.`
      : `It would begin epoch ${decision.plan.epoch}.`;
  return [head, begins, ...lost, "", ...tellRehearsal(rehearsal)];
}

/** The same of an operation on the cell that does not hold the role. Pure. */
export function tellOperationDryRun({ target, request, decision, ...rehearsal }: OperationDryRun): string[] {
  const head = `dry run: ${request.kind} of ${request.region}, ${target}. Nothing is changed.`;
  if (decision.kind === "refuse") return [head, "", `It would be refused: ${decision.because}`];
  const begins =
    decision.kind === "resume"
      ? `It would continue ${decision.id}, from the top.`
      : `It would begin; ${peerOf(request.region)} holds the role of epoch ${decision.plan.epoch}, and keeps it.`;
  return [head, begins, "", ...tellRehearsal(rehearsal)];
}

const tellRehearsal = ({ steps, expectedMs, unknown }: Rehearsal): string[] => [
  ...steps.flatMap(stepLines),
  "",
  `Expected in all: about ${Duration.ms(expectedMs)}${unknown.length === 0 ? "." : `, and what is not known yet of ${unknown.join(", ")}.`}`,
  ...inTheWay(steps),
];

const words: Readonly<Record<Verdict, string>> = {
  done: "skipped",
  "would-run": "would run",
  blocked: "BLOCKED",
  unjudged: "UNKNOWN",
  "passed-over": "passes by",
  "would-ask": "would ask",
  "may-ask": "may ask",
};

function stepLines({ step, verdict, why, expected, calls, bestEffort }: DryStep): string[] {
  const takes = expected ? `about ${Duration.ms(expected.ms)} (${sources[expected.from]})` : "";
  const reason = why ?? (verdict === "done" ? "done already" : null);
  const more = [
    ...(reason === null ? [] : [reason]),
    ...(!isIdle(verdict) && bestEffort ? ["best effort: the rest does not depend on it"] : []),
    ...calls.map(
      ({ service, operation, region, reads }) =>
        `${reads ? "asks" : "calls"} ${service}:${operation} in ${region}`,
    ),
  ];
  return [
    `  ${words[verdict].padEnd(10)} ${step.padEnd(24)} ${takes}`.trimEnd(),
    ...more.map((line) => `             ${line}`),
  ];
}

const sources: Readonly<Record<Expected["from"], string>> = {
  "past-executions": "as past executions took",
  aws: "as AWS publishes",
};

function inTheWay(steps: readonly DryStep[]): string[] {
  const found = steps.filter(({ verdict, bestEffort }) => !bestEffort && !isClear(verdict));
  return found.length === 0
    ? ["Nothing stands in the way."]
    : [`In the way: ${found.map(({ step }) => step).join(", ")}.`];
}
