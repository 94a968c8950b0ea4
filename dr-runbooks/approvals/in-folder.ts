import { mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { milliseconds } from "@castle/regions/duration.ts";
import { type ApprovalPlace, LARGEST_BYTES } from "./place.ts";
import { type SignedFile, textOf } from "./signed-file.ts";

const folderIn = (runsFolder: string): string => join(runsFolder, "approvals");

/** Puts a signed file, under its name, where a run that uses the same folder looks. */
export async function putInFolder(runsFolder: string, name: string, file: SignedFile): Promise<void> {
  const folder = folderIn(runsFolder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `draft-${name}`);
  await writeFile(draft, textOf(file), { mode: 0o600, flush: true });
  await rename(draft, join(folder, name));
}

/** Beside the records, for approvers on the runner's own machine, or who share its folder. */
export const inFolder = (runsFolder: string): ApprovalPlace => ({
  name: folderIn(runsFolder),
  // Somebody waits for it, and a folder is looked at in no time.
  lookEvery: milliseconds(200),
  list: async (execution) => {
    const names = await readdir(folderIn(runsFolder)).catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
      throw error;
    });
    // Ids hold no dot: what stands before the first is the execution's.
    return names
      .filter((name) => name.startsWith(`${execution}.`))
      .sort()
      .map((name) => ({ name, text: () => read(join(folderIn(runsFolder), name)) }));
  },
});

async function read(path: string): Promise<string | null> {
  try {
    const { size } = await stat(path);
    return size > LARGEST_BYTES ? null : await readFile(path, "utf8");
  } catch {
    return null;
  }
}
