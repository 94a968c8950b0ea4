import { bearServers } from "@castle/lab/birth.ts";
import { buildLab, type LabParts } from "@castle/lab/build.ts";
import { PerCell } from "@castle/lab/cells/per-cell.ts";
import { createSecrets, DATABASE } from "@castle/lab/environment.ts";
import { LabLink } from "@castle/lab/lab-link.ts";
import { type LabLayout, layOut } from "@castle/lab/layout.ts";
import { PortBlock } from "@castle/lab/ports.ts";
import { Host } from "@castle/lab/processes/host.ts";
import { createPostgresAccess } from "@castle/lab/servers/postgres-access.ts";
import { homeRegion, type RegionName } from "@castle/regions/catalogue.ts";

export interface BareCells extends LabParts {
  readonly link: LabLink;
  readonly notes: readonly string[];
  /** Writes a row into the region's database, or rejects. */
  write(region: RegionName, text: string): Promise<void>;
  /** What the region's database holds, in order. */
  read(region: RegionName): Promise<string[]>;
  /** Removes every row. */
  clear(): Promise<void>;
  down(): Promise<void>;
}

/** Both regions with their real servers and the link between them, and no service. */
export async function startBareCells(): Promise<BareCells> {
  const ports = await PortBlock.claim();
  const host = new Host();
  const full = await layOut(() => ports.take());
  const layout: LabLayout = {
    ...full,
    cells: PerCell.make((region) => ({ ...full.cells.in(region), services: [] })),
  };
  const notes: string[] = [];
  const parts = buildLab({
    ...{ host, layout, secrets: createSecrets(createPostgresAccess(host)), symbols: ["BTCUSDT"] },
    ...{ rttMs: 4, soloAfterMs: 2_000, nearest: homeRegion, rejoinDelayMs: 1_000 },
    takePort: () => ports.take(),
    note: (line) => notes.push(line),
  });
  await parts.network.start();
  await bearServers(parts, { layout, symbols: ["BTCUSDT"] });
  const database = { database: DATABASE, withinMs: 60_000 };
  await parts.database.server(homeRegion).query("create table written (id serial, text text)", [], database);
  return {
    ...{ ...parts, notes, link: new LabLink(parts) },
    write: async (region, text) => {
      await parts.database.server(region).query("insert into written (text) values ($1)", [text], database);
    },
    read: async (region) => {
      const rows = await parts.database
        .server(region)
        .query<{ text: string }>("select text from written order by id", [], database);
      return rows.map((row) => row.text);
    },
    clear: async () => {
      await parts.database.server(parts.database.writer).query("delete from written", [], database);
    },
    down: async () => {
      parts.database.close();
      parts.datastore.close();
      parts.network.letGo();
      for (const region of parts.regions.all) region.letGo();
      await host.close();
      await ports.release();
    },
  };
}
