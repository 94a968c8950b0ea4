import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import { connectDatabase } from "@castle/services/kernel/database/connect.ts";
import { bootstrapCell, migrateCell, migrateJournal } from "@castle/services/kernel/database/migrate.ts";
import type { LabParts } from "./build.ts";
import { DATABASE, JOURNAL } from "./environment.ts";
import type { LabLayout } from "./layout.ts";
import type { PostgresServer } from "./servers/postgres.ts";

/**
 * Brings the servers of both cells to life, side by side: databases and journals are made and migrated (the reader is a
 * copy of the migrated writer), Redis follows Redis. The network must run.
 */
export async function bearServers(
  { databases, journals, regions }: LabParts,
  { layout, symbols }: { layout: LabLayout; symbols: readonly string[] },
): Promise<void> {
  const writer = async (): Promise<void> => {
    const server = databases.in(homeRegion);
    await server.create();
    await regions.in(homeRegion).process("database").start();
    await server.createDatabase(DATABASE);
    await migrate(server, DATABASE, async (db) => {
      await migrateCell(db);
      await bootstrapCell(db, { region: homeRegion, symbols });
    });
    await databases.in(peerRegion).cloneFrom(layout.cells.in(peerRegion).link.peerDatabase);
    await regions.in(peerRegion).process("database").start();
  };
  const journal = async (region: typeof homeRegion): Promise<void> => {
    const server = journals.in(region);
    await server.create();
    await regions.in(region).process("journal").start();
    await server.createDatabase(JOURNAL);
    await migrate(server, JOURNAL, migrateJournal);
  };
  const caches = regions.all.map((region) => region.process("redis").start());
  await Promise.all([writer(), journal(homeRegion), journal(peerRegion), ...caches]);
}

async function migrate(
  server: PostgresServer,
  database: string,
  work: (db: ReturnType<typeof connectDatabase>) => Promise<void>,
): Promise<void> {
  const db = connectDatabase(server.url(database), { name: "lab-set-up", max: 1 });
  try {
    await work(db);
  } finally {
    await db.destroy();
  }
}
