import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";

/** What an image of some source files would be. */
export interface TreeImage {
  /** SHA-256 over every file's path and content. */
  readonly digest: string;
  readonly sizeInBytes: number;
  /** When the last of them was changed. */
  readonly changedAt: Date;
}

/**
 * The image of the files and folders that are named, as they are on the disk now: the same tree has the same digest
 * wherever and whenever it is asked for, and a changed one another.
 *
 * @param root that paths are relative to. @throws Error when one of `parts` is not there
 */
export async function imageOfTree(root: string, parts: readonly string[]): Promise<TreeImage> {
  const paths = (await Promise.all(parts.map((part) => filesUnder(join(root, part))))).flat();
  const names = paths.map((path) => relative(root, path).split(sep).join("/")).sort();
  const hash = createHash("sha256");
  let sizeInBytes = 0;
  let changedAt = 0;
  for (const name of names) {
    const path = join(root, name);
    const [content, { mtimeMs }] = await Promise.all([readFile(path), stat(path)]);
    // With lengths, so that no two trees run together into the same bytes.
    hash.update(`${name.length}:${name}${content.length}:`).update(content);
    sizeInBytes += content.length;
    changedAt = Math.max(changedAt, mtimeMs);
  }
  return { digest: `sha256:${hash.digest("hex")}`, sizeInBytes, changedAt: new Date(changedAt) };
}

async function filesUnder(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes(`${sep}node_modules${sep}`));
}
