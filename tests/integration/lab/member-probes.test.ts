import { LabCells } from "@castle/lab/cells/lab-cells.ts";
import { signal } from "@castle/lab/processes/tree.ts";
import { until } from "@castle/lab/processes/until.ts";
import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { type BareCells, startBareCells } from "./support/bare-cells.ts";

describe("what the lab's AWS learns of real databases and caches", () => {
  let servers: BareCells;
  let cells: LabCells;

  before(async () => {
    servers = await startBareCells();
    cells = new LabCells({ ...servers, versions: { postgres: "15.14", redis: "7.0.15" } });
    await follow();
  });
  after(async () => {
    cells?.close();
    await servers?.down();
  });

  const peers = async () => {
    const [databases, caches] = await Promise.all([cells.databaseMembers(), cells.cacheMembers()]);
    const database = databases.find(({ region }) => region === peerRegion);
    const cache = caches.find(({ region }) => region === peerRegion);
    if (!database || !cache) throw new Error(`${peerRegion} is not listed`);
    return { database, cache };
  };
  const follow = (): Promise<void> =>
    until(
      async () => {
        const { database, cache } = await peers();
        return database.replicationLagMs !== null && cache.replicationLagSeconds !== null;
      },
      { what: "the peer's servers to follow", withinMs: 60_000 },
    );

  it("asks again and again over one connection each", async () => {
    const database = servers.database.server(peerRegion);
    const opened = async (): Promise<number> => {
      const [row] = await database.query<{ sessions: number }>(
        "select sessions::int from pg_stat_database where datname = 'postgres'",
      );
      return row?.sessions ?? 0;
    };
    const before = await opened();
    for (let read = 0; read < 20; read++) await cells.databaseMembers();
    // Beside the connections that this test itself opens to look.
    expect((await opened()) - before).to.be.at.most(2);
  });

  it("takes nobody whose process runs for lost because it is silent", async () => {
    const processes = [servers.database.server(peerRegion), servers.datastore.server(peerRegion)];
    const pids = [await backendsOf(servers), ...processes.map(({ daemon }) => [daemon.pid ?? 0])].flat();
    for (const pid of pids) signal(pid, "SIGSTOP");
    try {
      const { database, cache } = await peers();
      expect(database).to.include({ status: "available", reachability: "reachable" });
      expect(database.replicationLagMs).to.be.a("number");
      expect(cache).to.include({ status: "available", reachability: "reachable" });
      // Past its last answer's time it is not made up any more.
      await until(
        async () => {
          const now = await peers();
          expect(now.database.reachability).not.to.equal("unreachable");
          expect(now.cache.reachability).not.to.equal("unreachable");
          return now.database.reachability === "unknown" && now.cache.reachability === "unknown";
        },
        { what: "the silent servers to be unknown", withinMs: 60_000 },
      );
    } finally {
      for (const pid of pids) signal(pid, "SIGCONT");
    }
    await follow();
  });

  it("says at once that one is lost whose region is", async () => {
    await servers.regions.in(peerRegion).freeze();
    const frozen = await peers();
    await servers.regions.in(peerRegion).thaw();
    await servers.regions.in(peerRegion).kill();
    const lost = await peers();
    await servers.regions.in(peerRegion).restore();
    for (const { database, cache } of [frozen, lost]) {
      expect(database).to.include({ reachability: "unreachable", replicationLagMs: null });
      expect(cache).to.include({ reachability: "unreachable", replicationLagSeconds: null });
    }
    expect(lost.database.status).to.equal("stopped");
    await follow();
  });

  it("goes on with the servers that come in their place", async () => {
    await servers.regions.in(homeRegion).kill();
    await servers.regions.in(homeRegion).restore();
    await follow();
    const members = await cells.databaseMembers();
    expect(members.map(({ reachability }) => reachability)).to.deep.equal(["reachable", "reachable"]);
  });
});

/** The server and every process of it that serves a connection. */
async function backendsOf({ database }: BareCells): Promise<number[]> {
  const rows = await database
    .server(peerRegion)
    .query<{ pid: number }>("select pid from pg_stat_activity where backend_type = 'client backend'");
  return rows.map(({ pid }) => pid);
}
