import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "../processes/host.ts";

/** The superuser of all PostgreSQL servers of one lab, with a password made for it. */
export interface PostgresAccess {
  readonly user: string;
  readonly password: string;
  /** The same in libpq's form, so that the password is on no command line. */
  readonly passFile: string;
  /** The bare password, as initdb wants it. */
  readonly bareFile: string;
}

export function createPostgresAccess(host: Host): PostgresAccess {
  const user = "castle";
  const password = randomBytes(18).toString("base64url");
  const file = (name: string, content: string): string => {
    const path = join(host.folder, name);
    writeFileSync(path, `${content}\n`, { mode: 0o600 });
    host.ownedByServers(path); // libpq ignores one that others could read
    return path;
  };
  return {
    user,
    password,
    passFile: file("pgpass", `127.0.0.1:*:*:${user}:${password}`),
    bareFile: file("pgpassword", password),
  };
}
