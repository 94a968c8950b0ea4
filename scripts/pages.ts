/**
 * Writes docs/runbooks from the runbooks and the drill's stories, and docs/compliance.md from the policy pack and from
 * what it catches in the planned program: run it after one of them or a template has changed.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { allPages } from "@castle/lab/drill/all-pages.ts";
import { misconfigurations } from "@castle/policies/misconfigurations/all.ts";
import { catchAll } from "@castle/policies/misconfigurations/catch.ts";
import { plannedCells } from "@castle/policies/misconfigurations/planned-cells.ts";
import { renderCompliancePage } from "@castle/policies/pages/compliance-page.ts";
import { rules } from "@castle/policies/rules.ts";

const folder = new URL("../docs/runbooks/", import.meta.url);
const pages = allPages();
mkdirSync(folder, { recursive: true });
for (const [name, text] of pages) writeFileSync(new URL(name, folder), text);
// The page of a runbook that is gone would tell of commands that are gone.
for (const name of readdirSync(folder)) if (!pages.has(name)) rmSync(new URL(name, folder));
process.stdout.write(`${pages.size} files in ${fileURLToPath(folder)}\n`);

const compliance = new URL("../docs/compliance.md", import.meta.url);
const { home, peer } = await plannedCells(new AbortController().signal);
writeFileSync(compliance, renderCompliancePage(rules, catchAll(misconfigurations, rules, home, peer)));
process.stdout.write(`${fileURLToPath(compliance)}\n`);
