import { join } from "node:path";
import { PortBlock } from "@castle/lab/ports.ts";
import type { Host } from "@castle/lab/processes/host.ts";
import { postgresPrograms } from "@castle/lab/servers/binaries.ts";
import { PostgresServer } from "@castle/lab/servers/postgres.ts";
import { createPostgresAccess, type PostgresAccess } from "@castle/lab/servers/postgres-access.ts";

/** A PostgreSQL of its own, running. */
export async function startServer(
  host: Host,
): Promise<{ server: PostgresServer; ports: PortBlock; access: PostgresAccess }> {
  const access = createPostgresAccess(host);
  const ports = await PortBlock.claim();
  const folder = host.subfolder("database");
  host.ownedByServers(folder);
  const server = new PostgresServer({
    ...{ host, folder, name: "database", port: await ports.take(), log: join(host.folder, "database.log") },
    programs: postgresPrograms(),
    access,
  });
  await server.create();
  await server.start();
  return { server, ports, access };
}
