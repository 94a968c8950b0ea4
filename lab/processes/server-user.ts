import { spawnSync } from "node:child_process";

export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

const CANDIDATES = ["postgres", "nobody"] as const;

/**
 * The user that database servers run as when this process is root, which PostgreSQL refuses to be: `postgres`, or
 * `nobody`. Null when this process is not root.
 */
export function serverUser(): ServerUser | null {
  if (process.getuid?.() !== 0) return null;
  for (const name of CANDIDATES) {
    const uid = idOf("-u", name);
    const gid = idOf("-g", name);
    if (uid !== null && gid !== null) return { uid, gid };
  }
  throw new Error(
    `PostgreSQL does not run as root, and this machine has no user named ${CANDIDATES.join(" or ")}: create one (useradd --system postgres), or run as another user`,
  );
}

function idOf(flag: "-u" | "-g", name: string): number | null {
  const { status, stdout } = spawnSync("id", [flag, name], {
    encoding: "utf8",
    env: { PATH: "/usr/bin:/bin" },
  });
  return status === 0 ? Number(stdout) : null;
}
