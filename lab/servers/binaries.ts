import { spawnSync } from "node:child_process";
import { accessSync, constants, readdirSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** A server the lab needs is not on this machine. The message names what to install. */
export class ServerMissing extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ServerMissing";
  }
}

export const POSTGRES_PROGRAMS = [
  "postgres",
  "initdb",
  "pg_basebackup",
  "pg_rewind",
  "pg_controldata",
] as const;
export type PostgresProgram = (typeof POSTGRES_PROGRAMS)[number];

/** The first version with pg_rewind's own crash recovery and `wal_keep_size`. */
const OLDEST_POSTGRES = 13;

export interface Surroundings {
  readonly path: string;
  /** Folders that packages put PostgreSQL's programs in, and no PATH holds; the newest version first. */
  readonly postgresFolders: readonly string[];
}

export const thisMachine = (): Surroundings => ({
  path: process.env.PATH ?? "",
  postgresFolders: [
    ...versionsBelow("/usr/lib/postgresql", "bin"), // Debian, Ubuntu
    ...versionsBelow("/usr/pgsql-", "bin"), // PGDG on Red Hat
    ...versionsBelow("/opt/homebrew/opt/postgresql@", "bin"),
    ...versionsBelow("/usr/local/opt/postgresql@", "bin"),
  ],
});

/**
 * The folder that holds all of PostgreSQL's programs the lab runs, of one version.
 * @throws ServerMissing naming what to install
 */
export function postgresPrograms(where: Surroundings = thisMachine()): (program: PostgresProgram) => string {
  const found = postgresOnPath(where);
  const folder = [...found, ...where.postgresFolders].find((candidate) =>
    POSTGRES_PROGRAMS.every((program) => executable(join(candidate, program))),
  );
  if (folder === undefined)
    throw new ServerMissing(
      `PostgreSQL's server programs (${POSTGRES_PROGRAMS.join(", ")}) are neither on the PATH nor below /usr/lib/postgresql; ${remedy("postgresql")}`,
    );
  requireVersion(join(folder, "postgres"));
  return (program) => join(folder, program);
}

/** @throws ServerMissing naming what to install */
export function redisServer(where: Surroundings = thisMachine()): string {
  for (const folder of where.path.split(delimiter)) {
    const candidate = join(folder, "redis-server");
    if (folder !== "" && executable(candidate)) return candidate;
  }
  throw new ServerMissing(`redis-server is not on the PATH; ${remedy("redis")}`);
}

function remedy(what: "postgresql" | "redis"): string {
  const [debian, redHat, mac] =
    what === "postgresql"
      ? ["postgresql", "postgresql-server postgresql-contrib", "postgresql@17"]
      : ["redis-server", "redis", "redis"];
  return `install it with \`make setup\`, or by hand: apt-get install ${debian} (Debian, Ubuntu), dnf install ${redHat} (Fedora, Red Hat), brew install ${mac} (macOS)`;
}

/** A link on the PATH leads to the folder where the others are. */
function postgresOnPath({ path }: Surroundings): string[] {
  return path
    .split(delimiter)
    .map((folder) => join(folder, "postgres"))
    .filter((candidate) => candidate !== "postgres" && executable(candidate))
    .map((candidate) => dirname(realpathSync(candidate)));
}

function versionsBelow(prefix: string, bin: string): string[] {
  const parent = prefix.endsWith("postgresql") ? prefix : dirname(prefix);
  const start = parent === prefix ? "" : prefix.slice(parent.length + 1);
  let entries: string[];
  try {
    entries = readdirSync(parent);
  } catch {
    return [];
  }
  return entries
    .filter((entry) => entry.startsWith(start) && /^\d+$/.test(entry.slice(start.length)))
    .sort((a, b) => Number(b.slice(start.length)) - Number(a.slice(start.length)))
    .map((entry) => join(parent, entry, bin));
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function requireVersion(postgres: string): void {
  const { stdout } = spawnSync(postgres, ["--version"], { encoding: "utf8" });
  const version = /\b(\d+)(?:\.|devel|beta|rc|\b)/.exec(stdout ?? "")?.[1];
  if (Number(version) >= OLDEST_POSTGRES) return;
  throw new ServerMissing(
    `${postgres} is ${stdout?.trim() || "no PostgreSQL"}; the lab needs ${OLDEST_POSTGRES} or newer; ${remedy("postgresql")}`,
  );
}
