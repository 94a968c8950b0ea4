import { readFileSync } from "node:fs";
import { type CatalogueEntry, catalogue } from "../runbooks/catalogue.ts";
import { approversPolicy, iamPolicy } from "./iam-policy.ts";
import { MADE_FROM_CODE, renderPage } from "./page.ts";
import { rbacManifests } from "./rbac.ts";
import { renderReadinessPage } from "./readiness-page.ts";
import { restoreTestPolicy } from "./restore-test-policy.ts";
import { stackOutputsTables } from "./stack-outputs.ts";
import { cell } from "./tell.ts";

/** Every page by its name in docs/runbooks, as it should be now. @throws Error when a step lacks what a page needs. */
export function renderPages(entries: readonly CatalogueEntry[] = catalogue): ReadonlyMap<string, string> {
  return new Map([
    ["README.md", renderReadme(entries)],
    ["iam-policy.json", `${JSON.stringify(iamPolicy(entries), null, 2)}\n`],
    ["iam-policy-approver.json", `${JSON.stringify(approversPolicy(), null, 2)}\n`],
    ["iam-policy-restore-test.json", `${JSON.stringify(restoreTestPolicy(), null, 2)}\n`],
    ["rbac.yaml", rbacManifests(entries)],
    ...entries.map((entry) => [`${entry.runbook.name}.md`, renderPage(entry)] as const),
    ["failback.md", fromTemplate("failback")],
    ["reconcile.md", fromTemplate("reconcile")],
    ["readiness.md", renderReadinessPage()],
    ["aws.md", renderAwsPage()],
  ]);
}

/** The prose is a person's, in readme.template.md; what follows from the runbooks is filled in. */
const renderReadme = (entries: readonly CatalogueEntry[]): string =>
  fromTemplate("readme", " or the runbooks").replace("{{runbooks}}", () => overview(entries));

function renderAwsPage(): string {
  const { ofEachCell, ofHomeAlone } = stackOutputsTables();
  return fromTemplate("aws", " or dr-runbooks/stack/outputs.ts")
    .replace("{{ofEachCell}}", () => ofEachCell)
    .replace("{{ofHomeAlone}}", () => ofHomeAlone);
}

function fromTemplate(name: string, orElse = ""): string {
  const template = readFileSync(new URL(`${name}.template.md`, import.meta.url), "utf8");
  return `${MADE_FROM_CODE.replace("the runbook", `dr-runbooks/pages/${name}.template.md${orElse}`)}\n\n${template}`;
}

const overview = (entries: readonly CatalogueEntry[]): string =>
  [
    "| runbook | kind | use it when | command |",
    "| --- | --- | --- | --- |",
    ...entries.map(
      ({ runbook, kind, whenToUse, command }) =>
        `| [${runbook.name}](${runbook.name}.md) | ${kind} | ${cell(whenToUse.join(" "))} | \`${cell(command)}\` |`,
    ),
  ].join("\n");
