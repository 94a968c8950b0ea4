/** Writes docs/runbooks from the runbooks and the drill's stories: run it after one of them or a template has changed. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { allPages } from "@castle/lab/drill/all-pages.ts";

const folder = new URL("../docs/runbooks/", import.meta.url);
const pages = allPages();
mkdirSync(folder, { recursive: true });
for (const [name, text] of pages) writeFileSync(new URL(name, folder), text);
// The page of a runbook that is gone would tell of commands that are gone.
for (const name of readdirSync(folder)) if (!pages.has(name)) rmSync(new URL(name, folder));
process.stdout.write(`${pages.size} files in ${fileURLToPath(folder)}\n`);
