import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { PreviewRefused } from "./refused.ts";

/** The branch that is checked out; `HEAD` where it is a commit. @throws PreviewRefused outside a repository */
export async function currentBranch(folder: string): Promise<string> {
  const asked = promisify(execFile)("git", ["rev-parse", "--abbrev-ref", "HEAD"], { cwd: folder });
  const { stdout } = await asked.catch((cause: unknown) => {
    throw new PreviewRefused(`git tells no branch of ${folder}: name one with --branch`, { cause });
  });
  return stdout.trim();
}
