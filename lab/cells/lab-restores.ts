import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Restore } from "../aws/rds/restores.ts";
import type { Host } from "../processes/host.ts";
import { postgresPrograms } from "../servers/binaries.ts";
import { PostgresServer } from "../servers/postgres.ts";
import type { PostgresAccess } from "../servers/postgres-access.ts";
import { backupFolder } from "./lab-backups.ts";

/** A server of its own for each restored cluster, on loopback, over a copy of the snapshot's data folder. */
export function labRestores(host: Host, access: PostgresAccess, takePort: () => Promise<number>): Restore {
  /** Of servers that are gone: a lab has few ports, and restores as often as it is asked. */
  const free: number[] = [];
  return async (region, snapshot, cluster) => {
    const folder = host.subfolder("restored", region, cluster);
    for (const path of ["restored", join("restored", region)]) host.ownedByServers(join(host.folder, path));
    await host.run({ command: "cp", args: ["-a", `${backupFolder(host, region, snapshot)}/.`, folder] });
    host.ownedByServers(folder);
    let server: PostgresServer | null = null;
    return {
      start: async () => {
        const port = free.pop() ?? (await takePort());
        server = new PostgresServer({
          ...{ host, folder, access, port, programs: postgresPrograms(), name: `restored ${cluster}` },
          log: `${join(host.folder, "logs", region, cluster)}.log`,
        });
        await server.start();
        return { host: "127.0.0.1", port };
      },
      remove: async () => {
        const ended = server;
        server = null;
        await ended?.stop().catch(() => undefined);
        if (ended) free.push(ended.port);
        await rm(folder, { recursive: true, force: true });
      },
    };
  };
}
