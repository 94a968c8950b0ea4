import { until } from "@castle/lab/processes/until.ts";
import { homeRegion, peerRegion, type RegionName } from "@castle/regions/catalogue.ts";
import { connectRedis } from "@castle/services/kernel/redis.ts";
import { expect } from "chai";
import type { Redis } from "ioredis";
import { type BareCells, startBareCells } from "./support/bare-cells.ts";

describe("the global datastore on real servers", function () {
  this.timeout(40_000);
  let cells: BareCells;
  const clients: Redis[] = [];
  beforeEach(async () => {
    cells = await startBareCells();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.disconnect();
    await cells.down();
  });

  function client(region: RegionName): Redis {
    const connected = connectRedis(cells.datastore.server(region).url, "worker");
    clients.push(connected);
    return connected;
  }

  const holds = (redis: Redis, value: string): Promise<void> =>
    until(async () => (await redis.get("key")) === value, {
      ...{ what: `the key to be ${value}`, withinMs: 10_000 },
    });

  it("follows the primary, takes over from it, and is followed by it", async () => {
    const [home, peer] = [client(homeRegion), client(peerRegion)];
    await home.set("key", "first");
    await holds(peer, "first");
    await cells.datastore.failover(peerRegion);
    await peer.set("key", "second");
    await holds(home, "second");
    expect(cells.datastore.primary).to.equal(peerRegion);
  });

  it("takes over from a primary that was killed, which comes back as the secondary", async () => {
    const peer = client(peerRegion);
    await client(homeRegion).set("key", "first");
    await holds(peer, "first");
    await cells.regions.in(homeRegion).kill();
    await cells.datastore.failover(peerRegion);
    await peer.set("key", "second");
    await cells.regions.in(homeRegion).restore();
    await holds(client(homeRegion), "second");
    expect((await cells.datastore.server(homeRegion).replication()).role).to.equal("slave");
  });

  it("is restarted with what it held when it crashed", async () => {
    const home = client(homeRegion);
    await home.set("key", "kept");
    const process = cells.regions.in(homeRegion).process("redis");
    await process.kill();
    await until(() => process.restarts === 1, { what: "Redis to be restarted", withinMs: 10_000 });
    await holds(home, "kept");
  });
});
