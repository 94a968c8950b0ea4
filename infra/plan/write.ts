import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { renderPlan } from "./page/page.ts";
import type { Plan } from "./plan.ts";

export interface Written {
  readonly json: string;
  readonly html: string;
}

/** Writes `plan.json` and `plan.html` into the folder; the page elsewhere, if `page` says so. @returns where */
export async function writePlan(plan: Plan, folder: string, page?: string): Promise<Written> {
  const json = join(folder, "plan.json");
  const html = page ?? join(folder, "plan.html");
  for (const file of [json, html]) await mkdir(dirname(file), { recursive: true });
  await writeFile(json, `${JSON.stringify(plan, null, 1)}\n`);
  await writeFile(html, renderPlan(plan));
  return { json, html };
}
