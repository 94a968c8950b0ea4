import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { serverUser } from "./server-user.ts";
import { members } from "./tree.ts";

const run = promisify(execFile);

/**
 * The kernel refuses these database servers, and whatever they fork from now on, to make any file longer than `bytes`: a disk
 * that is full, without a disk of one's own to fill. null lifts it. Asked for as the user that the servers run as: whose processes
 * they are may do so without privileges, and root without its capabilities may not.
 * @throws Error when prlimit(1) (util-linux) is not there, or refuses
 */
export async function limitFileSize(roots: readonly number[], bytes: number | null): Promise<void> {
  // Only the soft limit: who has lowered the hard one cannot raise it again without privileges.
  const limit = `--fsize=${bytes ?? "unlimited"}:`;
  for (const pid of members(roots))
    await run("prlimit", ["--pid", String(pid), limit], serverUser() ?? {}).catch((error: Error) => {
      if (members(roots).includes(pid)) throw error;
    });
}
