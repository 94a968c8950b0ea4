import type { Approval } from "../engine/approval.ts";
import { approvalsOf, namedPartsOf, type Runbook, stepsBefore, stepsOf } from "../engine/runbook.ts";
import type { Step } from "../engine/step.ts";
import { untilTimeout } from "../engine/transient.ts";
import type { CatalogueEntry } from "../runbooks/catalogue.ts";
import { handoverKinds } from "../runbooks/plan.ts";
import { picture } from "./picture.ts";
import { bullets, cell, numbered, tellCall, tellDuration, tellRetry } from "./tell.ts";

/** Stands at the top of every page that is made from code. */
export const MADE_FROM_CODE =
  "<!-- Made from code by `node scripts/pages.ts`. Change the runbook, not this page. -->";

/** A runbook's page, as Markdown. Pure. */
export function renderPage(entry: CatalogueEntry): string {
  const { runbook, command, whenToUse, notFor, needs } = entry;
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

| | step | what it does | gives up after | asks of AWS | when the runbook fails |
| --- | --- | --- | --- | --- | --- |
${stepsOf(runbook)
  .map((step, index) => row(step, index, runbook))
  .join("\n")}

Calls in bold change something. What a step asks of databases, caches and journals is not listed. A step's time begins anew whenever what it waits for has come nearer (commands applied or copied, pods ready): what moves is waited for.

Each attempt of a step asks first whether it is done. What passes by itself (a broken connection, throttling, a failure of the service's own) is tried again, within the step's time:

| step | acts only once | tried again |
| --- | --- | --- |
${stepsOf(runbook).map(attemptsRow).join("\n")}

${whoAgrees(entry)}

## If a step fails

The command can always be run again: it looks at what is done, and goes on from there.

${namedPartsOf(runbook).map(whatToDo).join("\n\n")}
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
  const asked = approvalsOf(runbook).length > 0 ? " Violet: somebody has to agree." : "";
  return `${before} a run is only ever continued.${dashed}${asked}`;
}

function row(step: Step<never>, index: number, runbook: Runbook<never>): string {
  const calls = (step.calls ?? []).map(tellCall).join("<br>");
  const columns = [
    `${index + 1}`,
    `[${step.name}](#${step.name})`,
    cell(step.when ? `${step.purpose} Only if ${step.when.words}.` : step.purpose),
    tellDuration(step.timeout),
    calls === "" ? "—" : calls,
    cell(fate(step, runbook)),
  ];
  return `| ${columns.join(" | ")} |`;
}

/** @throws Error when a step has a precondition and no words for it. */
function attemptsRow({ name, precondition, needs, retry = untilTimeout }: Step<never>): string {
  if ((precondition === undefined) !== (needs === undefined))
    throw new Error(`${name} needs both a precondition and the words for it (needs), or neither`);
  return `| [${name}](#${name}) | ${needs === undefined ? "at once" : cell(needs)} | ${cell(tellRetry(retry))} |`;
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

/** What somebody has to agree to, and whether a script may. */
function whoAgrees({ runbook, unattended }: CatalogueEntry): string {
  const where = unattended.anywhere ? "Anywhere" : "For drills only, in a lab";
  const approvals = approvalsOf(runbook);
  const asked =
    approvals.length === 0
      ? ""
      : `It asks on the way, at the terminal or for a file that an approver of the target signs (\`castle approve\`):

${approvals.map(tellApproval).join("\n")}

`;
  return `## Who agrees to it

${asked}Without anybody at a terminal (\`--yes\`): ${where}. ${unattended.because}`;
}

function tellApproval({ name, purpose, when, counts, ahead }: Approval<never>): string {
  const only = when ? ` Asked only if ${when.words}.` : "";
  const byFlag = ahead ? "`--yes` answers it where it may be used." : "`--yes` does not answer it.";
  return `- [${name}](#${name}): ${purpose}${only} An answer counts for ${tellDuration(counts)} from when its figures were measured; then fresh ones are asked about. ${byFlag}`;
}

function whatToDo({ name, ifItFails }: Step<never> | Approval<never>): string {
  if (!ifItFails) throw new Error(`${name} does not tell what its failure means (ifItFails)`);
  return `### ${name}

${ifItFails.means}

${numbered(ifItFails.then)}`;
}
