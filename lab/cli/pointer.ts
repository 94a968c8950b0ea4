import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { processRow } from "../processes/table.ts";

const pointerSchema = z.object({
  /** The running lab's private folder: target.json, control.json, logs. */
  folder: z.string().min(1),
  supervisor: z.object({ pid: z.number().int().positive(), started: z.string() }),
});

/** What `.castle/lab.json` in a working directory says: which lab belongs to it. */
export type LabPointer = z.infer<typeof pointerSchema>;

/** No lab runs from this directory. The message says what to do. */
export class NoLab extends Error {
  constructor(message: string) {
    super(message);
    this.name = "NoLab";
  }
}

const pathIn = (directory: string): string => join(directory, ".castle", "lab.json");

/** @throws NoLab when there is none, or its supervisor is gone: then the pointer is removed */
export function readPointer(directory: string): LabPointer {
  const path = pathIn(directory);
  const pointer = parse(path);
  if (pointer === null)
    throw new NoLab(`no lab runs from ${directory} (${path} is not there): start one with \`castle lab up\``);
  if (pointer === "invalid") {
    rmSync(path, { force: true });
    throw new NoLab(
      `${path} was not one of this Castle's and has been removed: start a lab with \`castle lab up\``,
    );
  }
  const { pid, started } = pointer.supervisor;
  const row = processRow(pid);
  if (row && !row.zombie && row.started === started) return pointer;
  rmSync(path, { force: true });
  throw new NoLab(
    `the lab of ${directory} is gone: its supervisor (pid ${pid}) ended, and all it had started with it; ${path} has been removed. Start another with \`castle lab up\``,
  );
}

/** Points to a lab supervised by this process. */
export function writePointer(directory: string, folder: string): void {
  const path = pathIn(directory);
  mkdirSync(join(directory, ".castle"), { recursive: true });
  const supervisor = { pid: process.pid, started: processRow(process.pid)?.started ?? "" };
  writeFileSync(path, `${JSON.stringify({ folder, supervisor } satisfies LabPointer, null, 2)}\n`);
}

/** Harmless when it points to another lab by now. */
export function removePointer(directory: string, folder: string): void {
  const pointer = parse(pathIn(directory));
  if (pointer !== null && pointer !== "invalid" && pointer.folder === folder) rmSync(pathIn(directory));
}

function parse(path: string): LabPointer | "invalid" | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return null;
  }
  try {
    return pointerSchema.parse(JSON.parse(text));
  } catch {
    return "invalid";
  }
}
