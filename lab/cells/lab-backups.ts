import { join } from "node:path";
import type { BackUp } from "../aws/rds/snapshots.ts";
import type { Host } from "../processes/host.ts";
import type { PostgresServer } from "../servers/postgres.ts";
import type { PerCell } from "./per-cell.ts";

/** Where the lab keeps a snapshot: a data folder that a server can be started on. */
export function backupFolder(host: Host, region: string, identifier: string): string {
  // A name as AWS gives it, `rds:castle-…`, and nothing that would lead out of the folder.
  const path = ["backups", region, identifier.replace(/[^\w-]/g, "_")];
  const folder = host.subfolder(...path);
  for (let depth = 1; depth <= path.length; depth++)
    host.ownedByServers(join(host.folder, ...path.slice(0, depth)));
  return folder;
}

/** A base backup of the running server, by PostgreSQL's own means. */
export const labBackups =
  (host: Host, databases: PerCell<PostgresServer>): BackUp =>
  (region, identifier) =>
    databases.in(region).backUpInto(backupFolder(host, region, identifier));
