import { randomBytes } from "node:crypto";
import { PortBlock } from "@castle/lab/ports.ts";
import { Host } from "@castle/lab/processes/host.ts";
import { postgresPrograms, redisServer } from "@castle/lab/servers/binaries.ts";
import { PostgresServer } from "@castle/lab/servers/postgres.ts";
import { createPostgresAccess } from "@castle/lab/servers/postgres-access.ts";
import { RedisServer } from "@castle/lab/servers/redis.ts";
import type { RegionName } from "@castle/regions/catalogue.ts";
import { bootstrapCell, migrateCell, migrateJournal } from "@castle/services/kernel/database/migrate.ts";
import type { Knex } from "knex";
import { patientPool } from "./patient-pool.ts";

export interface CellServers {
  /** A cell's database, migrated; bootstrapped too when `bootstrap` was given. */
  readonly databaseUrl: string;
  /** A journal, migrated, at epoch 0. */
  readonly journalUrl: string;
  readonly redisUrl: string;
  readonly database: PostgresServer;
  readonly journal: PostgresServer;
  readonly redis: RedisServer;
  /** Ends the servers and removes their data. Should the test process die first, that happens by itself. */
  stop(): Promise<void>;
}

/** Real servers of one cell, in a second or two: PostgreSQL twice and Redis, in a folder of their own. */
export async function startCellServers(
  options: { bootstrap?: { region: RegionName; symbols: readonly string[] } } = {},
): Promise<CellServers> {
  const programs = postgresPrograms();
  const program = redisServer();
  const host = new Host();
  const ports = await PortBlock.claim();
  const access = createPostgresAccess(host);
  const log = (name: string): string => `${host.folder}/logs/${name}.log`;
  const postgres = async (name: string): Promise<PostgresServer> => {
    const folder = host.subfolder(name);
    host.ownedByServers(folder);
    const server = new PostgresServer({
      ...{ host, programs, access, name, folder, log: log(name) },
      port: await ports.take(),
    });
    await server.create();
    await server.start();
    return server;
  };
  const redisFolder = host.subfolder("redis");
  host.ownedByServers(redisFolder);
  const redis = new RedisServer({
    ...{ host, program, name: "redis", folder: redisFolder, log: log("redis") },
    port: await ports.take(),
    password: randomBytes(18).toString("base64url"),
  });
  try {
    const [database, journal] = await Promise.all([postgres("database"), postgres("journal"), redis.start()]);
    const databaseUrl = database.url("postgres");
    const journalUrl = journal.url("postgres");
    await Promise.all([
      migrated(databaseUrl, async (db) => {
        await migrateCell(db);
        if (options.bootstrap) await bootstrapCell(db, options.bootstrap);
      }),
      migrated(journalUrl, migrateJournal),
    ]);
    const stop = async (): Promise<void> => {
      await host.close();
      await ports.release();
    };
    return { databaseUrl, journalUrl, redisUrl: redis.url, database, journal, redis, stop };
  } catch (error) {
    await host.close();
    await ports.release();
    throw error;
  }
}

async function migrated(url: string, work: (db: Knex) => Promise<void>): Promise<void> {
  const db = patientPool(url, 1);
  try {
    await work(db);
  } finally {
    await db.destroy();
  }
}
