import { until } from "@castle/lab/processes/until.ts";
import { peerOf, type RegionName } from "@castle/regions/catalogue.ts";
import { connectRedis } from "@castle/services/kernel/redis.ts";
import { expect } from "chai";
import type { Redis } from "ioredis";
import { type BareCells, startBareCells } from "./support/bare-cells.ts";

describe("the global datastore on real servers", () => {
  let cells: BareCells;
  /** As each test finds them: up, the secondary following the primary. */
  let primary: RegionName;
  let secondary: RegionName;
  const clients: Redis[] = [];

  before(async () => {
    cells = await startBareCells();
  });
  after(() => cells.down());
  beforeEach(async () => {
    primary = cells.datastore.primary;
    secondary = peerOf(primary);
    await until(async () => (await cells.datastore.server(secondary).replication()).linkUp, {
      ...{ what: "the secondary to follow", withinMs: 60_000 },
    });
  });
  afterEach(() => {
    for (const connected of clients.splice(0)) connected.disconnect();
  });

  function client(region: RegionName): Redis {
    const connected = connectRedis(cells.datastore.server(region).url, "worker");
    clients.push(connected);
    return connected;
  }

  const holds = (redis: Redis, value: string): Promise<void> =>
    until(async () => (await redis.get("key")) === value, {
      ...{ what: `the key to be ${value}`, withinMs: 60_000 },
    });

  it("follows the primary, takes over from it, and is followed by it", async () => {
    const [one, other] = [client(primary), client(secondary)];
    await one.set("key", "first");
    await holds(other, "first");
    await cells.datastore.failover(secondary);
    await other.set("key", "second");
    await holds(one, "second");
    expect(cells.datastore.primary).to.equal(secondary);
  });

  it("takes over from a primary that was killed, which comes back as the secondary", async () => {
    const other = client(secondary);
    await client(primary).set("key", "third");
    await holds(other, "third");
    await cells.regions.in(primary).kill();
    await cells.datastore.failover(secondary);
    await other.set("key", "fourth");
    await cells.regions.in(primary).restore();
    await holds(client(primary), "fourth");
    expect((await cells.datastore.server(primary).replication()).role).to.equal("slave");
  });

  it("is restarted with what it held when it crashed", async () => {
    const one = client(primary);
    await one.set("key", "kept");
    const process = cells.regions.in(primary).process("redis");
    await process.kill();
    await until(() => process.restarts === 1, { what: "Redis to be restarted", withinMs: 60_000 });
    await holds(one, "kept");
  });
});
