import { readFileSync } from "node:fs";
import { type CatalogueEntry, catalogue } from "../runbooks/catalogue.ts";
import { iamPolicy } from "./iam-policy.ts";
import { MADE_FROM_CODE, renderPage } from "./page.ts";
import { cell } from "./tell.ts";

/** Every page by its name in docs/runbooks, as it should be now. @throws Error when a step lacks what a page needs. */
export function renderPages(entries: readonly CatalogueEntry[] = catalogue): ReadonlyMap<string, string> {
  return new Map([
    ["README.md", renderReadme(entries)],
    ["iam-policy.json", `${JSON.stringify(iamPolicy(entries), null, 2)}\n`],
    ...entries.map((entry) => [`${entry.runbook.name}.md`, renderPage(entry)] as const),
  ]);
}

/** The prose is a person's, in readme.template.md; what follows from the runbooks is filled in. */
function renderReadme(entries: readonly CatalogueEntry[]): string {
  const template = readFileSync(new URL("readme.template.md", import.meta.url), "utf8");
  const filled = template.replace("{{runbooks}}", () => overview(entries));
  return `${MADE_FROM_CODE.replace("the runbook", "dr-runbooks/pages/readme.template.md or the runbooks")}\n\n${filled}`;
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
