import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Plan } from "./plan.ts";

export interface Written {
  readonly json: string;
}

/** Writes `plan.json` into the folder. @returns where */
export async function writePlan(plan: Plan, folder: string): Promise<Written> {
  const json = join(folder, "plan.json");
  await mkdir(dirname(json), { recursive: true });
  await writeFile(json, `${JSON.stringify(plan, null, 1)}\n`);
  return { json };
}
