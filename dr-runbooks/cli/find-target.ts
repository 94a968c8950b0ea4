import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { cellRegions, regionNames } from "@castle/regions/catalogue.ts";
import { z } from "zod";
import { isRunning } from "../engine/process-identity.ts";
import { type CellRegion, type Target, targetSchema } from "../target.ts";
import { UsageError } from "./exit.ts";
import type { TargetFlags } from "./target-options.ts";

// A command parses little, once: compiling parsers for it would take longer than that.
z.config({ jitless: true });

/** Where a running lab is found from the folder it was started in: a pointer to the lab's own folder. */
export const LAB_POINTER = join(".castle", "lab.json");

const pointerSchema = z.object({
  folder: z.string().min(1),
  supervisor: z.object({ pid: z.number().int().positive() }),
});

export interface Finding {
  /** Folder that relative places are meant from. */
  readonly here?: string;
  /** Only the records of executions are wanted, and nothing of the Castle itself is asked. */
  readonly recordsOnly?: boolean;
}

/**
 * Reads the target named, or that of the lab that runs here. A file called `lab` or `aws` is named `./lab` or `./aws`.
 * @throws UsageError when there is none, or a bad one.
 */
export async function findTarget(
  { target = "lab", stack, outputs, databaseCa }: TargetFlags,
  { here = process.cwd(), recordsOnly = false }: Finding = {},
): Promise<Target> {
  const ofAws = { stack, outputs, "database-ca": databaseCa };
  for (const [name, value] of Object.entries(ofAws))
    if (value !== undefined && target !== "aws")
      throw new UsageError(`--${name} tells where a Castle on AWS is: add --target aws, or leave it out`);
  switch (target) {
    case "lab":
      return labTarget(here);
    case "aws":
      return (await import("./find-aws.ts")).findAwsTarget(
        { stack, outputs, databaseCa },
        { here, recordsOnly },
      );
    default:
      return readTarget(resolve(here, target));
  }
}

async function labTarget(here: string): Promise<Target> {
  const pointer = await readJson(join(here, LAB_POINTER), pointerSchema, () => {
    throw new UsageError(
      `no lab runs here (there is no ${LAB_POINTER} in ${here}); start one with castle lab up, or name a target with --target FILE`,
    );
  });
  if (!isRunning(pointer.supervisor.pid))
    throw new UsageError(
      `the lab of ${here} is gone: its supervisor (pid ${pointer.supervisor.pid}) ended; start another with castle lab up`,
    );
  return readTarget(join(resolve(here, pointer.folder), "target.json"));
}

const readTarget = (path: string): Promise<Target> =>
  readJson(path, targetSchema, () => {
    throw new UsageError(
      `there is no target at ${path}; name another with --target FILE, or start the lab again`,
    );
  });

async function readJson<Parsed>(
  path: string,
  schema: z.ZodType<Parsed>,
  missing: () => never,
): Promise<Parsed> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return missing();
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  });
  const parsed = schema.safeParse(parseJson(text, path));
  if (parsed.success) return parsed.data;
  // Values are not repeated: a target holds passwords.
  const mistakes = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new UsageError(`${path} is not a valid target:\n${mistakes.join("\n")}`);
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(
      `${path} is not JSON; a target is written by the lab, or built from the stacks' outputs`,
    );
  }
}

/** @throws UsageError that names the regions there are. */
export function cellRegionNamed(name: string): CellRegion {
  const found = cellRegions.find((region) => region === name);
  if (found) return found;
  const known = regionNames.find((region) => region === name);
  throw new UsageError(
    known
      ? `${name} holds no cell, only the witness; the role can go to ${cellRegions.join(" or ")}`
      : `region "${name}" is not in regions/catalogue.ts; the role can go to ${cellRegions.join(" or ")}`,
  );
}
