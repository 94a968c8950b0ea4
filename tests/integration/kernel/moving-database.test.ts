import { connectMovingDatabase } from "@castle/services/kernel/database/connect.ts";
import { placeNow } from "@castle/services/kernel/database/place.ts";
import { expect } from "chai";
import type { Knex } from "knex";
import { type CellServers, startCellServers } from "../support/servers.ts";

/** Two servers stand for Aurora's two endpoints: the database for the writer's, the journal for the readers'. */
describe("a pool on a database that moves", () => {
  let servers: CellServers;
  let promoted = false;

  before(async () => {
    servers = await startCellServers();
  });
  after(() => servers.stop());
  beforeEach(() => {
    promoted = false;
  });

  const connect = (lookEveryMs: number): Knex => {
    const places = { url: servers.databaseUrl, readerUrl: servers.journalUrl };
    return connectMovingDatabase(
      () => placeNow(places, async () => promoted),
      { name: "test", max: 2 },
      lookEveryMs,
    );
  };
  const portOf = (url: string): string => new URL(url).port;
  const session = async (db: Knex): Promise<{ port: string; pid: number }> => {
    const { rows } = await db.raw<{ rows: { port: string; pid: number }[] }>(
      "select current_setting('port') as port, pg_backend_pid() as pid",
    );
    const [row] = rows;
    if (!row) throw new Error("PostgreSQL answered no row");
    return row;
  };

  it("leads to a reader while the cluster endpoint leads nowhere, and keeps its connection", async () => {
    const db = connect(20);
    try {
      const first = await session(db);
      expect(first.port).to.equal(portOf(servers.journalUrl));
      expect(await session(db)).to.deep.equal(first);
    } finally {
      await db.destroy();
    }
  });

  it("leads to the writer once there is one, though a connection to a reader is open", async () => {
    const db = connect(20);
    try {
      await session(db);
      promoted = true;
      const deadline = Date.now() + 60_000;
      while ((await session(db)).port !== portOf(servers.databaseUrl))
        if (Date.now() > deadline) throw new Error("the pool still leads to the reader");
    } finally {
      await db.destroy();
    }
  });

  it("would stay on the reader if nobody looked", async () => {
    const db = connect(3_600_000);
    try {
      await session(db);
      promoted = true;
      expect((await session(db)).port).to.equal(portOf(servers.journalUrl));
    } finally {
      await db.destroy();
    }
  });

  it("tells whoever wants a connection why there is no place", async () => {
    const db = connectMovingDatabase(() => Promise.reject(new Error("no credentials for the cell")), {
      name: "test",
      max: 1,
    });
    try {
      await session(db).then(
        () => expect.fail("there was a connection"),
        (error: Error) => expect(error.message).to.include("no credentials for the cell"),
      );
    } finally {
      await db.destroy();
    }
  });
});
