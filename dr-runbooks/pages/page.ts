import { type Runbook, stepsBefore, stepsOf } from "../engine/runbook.ts";
import type { Step } from "../engine/step.ts";
import type { CatalogueEntry } from "../runbooks/catalogue.ts";
import { handoverKinds } from "../runbooks/plan.ts";
import { picture } from "./picture.ts";
import { bullets, cell, numbered, tellCall, tellDuration } from "./tell.ts";

/** Stands at the top of every page that is made from code. */
export const MADE_FROM_CODE =
  "<!-- Made from code by `node scripts/pages.ts`. Change the runbook, not this page. -->";

/** A runbook's page, as Markdown. Pure. */
export function renderPage({ runbook, command, whenToUse, notFor, needs }: CatalogueEntry): string {
  const rehearsable = handoverKinds.some((kind) => kind === runbook.name);
  return `${MADE_FROM_CODE}

# ${runbook.name}

${runbook.purpose}

\`\`\`sh
${rehearsable ? `${command} --dry-run   # changes nothing: what would be done, and how long it takes\n` : ""}${command}
\`\`\`

## When to use it

${bullets(whenToUse)}

Not for this:

${bullets(notFor)}

## What it needs

${bullets(needs)}

## What it does

\`\`\`mermaid
${picture(runbook)}
\`\`\`

${legend(runbook)}

| | step | what it does | at most | asks of AWS | when the runbook fails |
| --- | --- | --- | --- | --- | --- |
${stepsOf(runbook)
  .map((step, index) => row(step, index, runbook))
  .join("\n")}

Calls in bold change something. What a step asks of databases, caches and journals is not listed.

## If a step fails

The command can always be run again: it looks at what is done, and goes on from there.

${stepsOf(runbook).map(whatToDo).join("\n\n")}
`;
}

function legend(runbook: Runbook<never>): string {
  const { step } = runbook.pointOfNoReturn;
  const dashed = stepsOf(runbook).some(({ bestEffort }) => bestEffort === true)
    ? " Dashed: done without when it fails."
    : "";
  const before =
    stepsBefore(runbook).length > 0
      ? `Up to **${step}**, a failure takes back what was done (blue). From there on`
      : `From **${step}** on`;
  return `${before} a run is only ever continued.${dashed}`;
}

function row(step: Step<never>, index: number, runbook: Runbook<never>): string {
  const calls = (step.calls ?? []).map(tellCall).join("<br>");
  const columns = [
    `${index + 1}`,
    `[${step.name}](#${step.name})`,
    cell(step.purpose),
    tellDuration(step.timeout),
    calls === "" ? "—" : calls,
    cell(fate(step, runbook)),
  ];
  return `| ${columns.join(" | ")} |`;
}

/** What becomes of a step that was done, when the runbook fails; or of the runbook, when the step does. */
function fate(step: Step<never>, runbook: Runbook<never>): string {
  if (step.bestEffort === true) return "Goes on without it.";
  if (step.undo) return `Taken back: ${step.undo.purpose}`;
  if (stepsBefore(runbook).includes(step)) return "Nothing to take back.";
  return typeof step.bestEffort === "function"
    ? "Continued; with consent, goes on without it."
    : "Continued.";
}

function whatToDo({ name, ifItFails }: Step<never>): string {
  if (!ifItFails) throw new Error(`${name} does not tell what its failure means (ifItFails)`);
  return `### ${name}

${ifItFails.means}

${numbered(ifItFails.then)}`;
}
