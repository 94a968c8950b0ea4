import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { OutputsUnusable } from "./errors.ts";

/** In a folder of saved outputs. */
export const OUTPUTS_FILE = "outputs.json";
export const DATABASE_CA_FILE = "database-ca.pem";

/** What each stack exports, by name, as Pulumi told it, and when. */
const savedSchema = z.object({
  savedAt: z.iso.datetime(),
  stacks: z.record(z.string(), z.record(z.string(), z.unknown())),
});

export type SavedOutputs = z.infer<typeof savedSchema>;

/** Replaces what was saved at once and whole: whoever reads at the same time sees the one or the other. */
export async function saveOutputs(folder: string, saved: SavedOutputs): Promise<string> {
  const path = join(folder, OUTPUTS_FILE);
  await mkdir(folder, { recursive: true });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(saved, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
  return path;
}

/** @param place a folder that was saved to, or the file itself. @throws OutputsUnusable */
export async function readSavedOutputs(
  place: string,
): Promise<{ readonly path: string; readonly folder: string; readonly saved: SavedOutputs }> {
  const path = await fileAt(place);
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new OutputsUnusable(
      `there are no saved outputs at ${path}; castle target save writes them, while Pulumi can be asked`,
      { cause },
    );
  });
  const parsed = savedSchema.safeParse(parse(text, path));
  if (parsed.success) return { path, folder: dirname(path), saved: parsed.data };
  const mistakes = parsed.error.issues.map(({ path: at, message }) => `  ${at.join(".")}: ${message}`);
  throw new OutputsUnusable(
    `${path} is not what castle target save writes, {savedAt, stacks: {NAME: outputs}}:\n${mistakes.join("\n")}`,
  );
}

async function fileAt(place: string): Promise<string> {
  const found = await stat(place).catch(() => null);
  return found?.isDirectory() ? join(place, OUTPUTS_FILE) : place;
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new OutputsUnusable(`${path} is not JSON`);
  }
}
