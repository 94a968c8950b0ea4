import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { milliseconds } from "@castle/regions/duration.ts";
import type { Answer, Approver } from "../engine/approval.ts";
import { pause } from "../engine/poll.ts";
import type { Target } from "../target.ts";
import { judgeFile, type SignedFile } from "./signed-file.ts";

/** Somebody waits for it, and a folder is looked at in no time. */
const LOOK_EVERY = milliseconds(200);

/** A signed approval is far smaller; nothing else is read to its end. */
const LARGEST_BYTES = 16_384;

const folderIn = (runsFolder: string): string => join(runsFolder, "approvals");

/** Puts a signed file where the run that waits for it looks. @returns its name */
export async function fileApproval(runsFolder: string, file: SignedFile): Promise<string> {
  const folder = folderIn(runsFolder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const name = `${file.execution}.${file.approval}.${randomBytes(4).toString("hex")}.json`;
  const draft = join(folder, `draft-${name}`);
  await writeFile(draft, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600, flush: true });
  await rename(draft, join(folder, name));
  return name;
}

/**
 * Waits for a file that one of the target's approvers signed; one that does not count is refused, with the reason, and
 * waited on. Nobody is asked so where the target lists no approver.
 */
export function signedFileIn(runsFolder: string, { approvers = [] }: Pick<Target, "approvers">): Approver {
  return (asked, asking) => {
    if (approvers.length === 0) return null;
    const looked = new Set(asking.known);
    const answer = async (): Promise<Answer> => {
      for (;;) {
        for (const file of await filesFor(runsFolder, asked.execution)) {
          if (looked.has(file)) continue;
          looked.add(file);
          const text = await textOf(join(folderIn(runsFolder), file));
          const judged =
            text === null ? "it cannot be read" : judgeFile(text, asked, asking, approvers, Date.now());
          if (typeof judged !== "string") return { ...judged, file };
          await asking.refuse({ how: "file", because: judged, file });
        }
        await pause(LOOK_EVERY, asking.signal);
      }
    };
    return answer();
  };
}

/** Ids hold no dot: what stands before the first is the execution's. */
async function filesFor(runsFolder: string, execution: string): Promise<string[]> {
  const names = await readdir(folderIn(runsFolder)).catch(() => []);
  return names.filter((name) => name.startsWith(`${execution}.`)).sort();
}

async function textOf(path: string): Promise<string | null> {
  try {
    const { size } = await stat(path);
    return size > LARGEST_BYTES ? null : await readFile(path, "utf8");
  } catch {
    return null;
  }
}
