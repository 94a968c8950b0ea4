import { until } from "@castle/lab/processes/until.ts";
import { homeRegion, peerRegion, type RegionName } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { type BareCells, startBareCells } from "./support/bare-cells.ts";

describe("the global database on real servers", function () {
  this.timeout(40_000);
  let cells: BareCells;
  beforeEach(async () => {
    cells = await startBareCells();
  });
  afterEach(() => cells.down());

  const holds = (region: RegionName, texts: readonly string[]): Promise<void> =>
    until(async () => JSON.stringify(await cells.read(region)) === JSON.stringify(texts), {
      ...{ what: `the database in ${region} to hold ${texts.join(", ")}`, withinMs: 15_000 },
    });

  const reads = (region: RegionName): Promise<void> =>
    until(() => cells.database.server(region).streams(), {
      ...{ what: `the database in ${region} to stream`, withinMs: 15_000 },
    });

  it("promotes the reader when the writer's region is killed, and takes the old writer back rewound", async () => {
    await cells.write(homeRegion, "before");
    await holds(peerRegion, ["before"]);
    await cells.link.cut();
    await cells.write(homeRegion, "never sent");
    await cells.regions.in(homeRegion).kill();
    await cells.link.heal();
    expect(cells.database.server(homeRegion).daemon.state).to.equal("stopped");

    await cells.database.failover(peerRegion);
    expect(cells.database.writer).to.equal(peerRegion);
    await cells.write(peerRegion, "after");
    await cells.regions.in(homeRegion).restore();
    await holds(homeRegion, ["before", "after"]);
    expect(cells.notes.join("\n")).to.contain("rejoined").and.not.contain("rebuilt");
    const refusal = await cells.write(homeRegion, "by a reader").catch((error: Error) => error.message);
    expect(refusal).to.contain("read-only");
  });

  it("leaves a frozen writer a writer for a while once thawed, then takes it back", async () => {
    await cells.write(homeRegion, "before");
    await holds(peerRegion, ["before"]);
    await cells.regions.in(homeRegion).freeze();
    await cells.database.failover(peerRegion);
    await cells.write(peerRegion, "after");
    await cells.regions.in(homeRegion).thaw();
    await cells.write(homeRegion, "by a zombie");
    await reads(homeRegion);
    await holds(homeRegion, ["before", "after"]);
  });

  it("hands over and back without losing a row", async () => {
    await cells.write(homeRegion, "one");
    await cells.database.switchover(peerRegion);
    expect(cells.database.writer).to.equal(peerRegion);
    await cells.write(peerRegion, "two");
    await cells.database.switchover(homeRegion);
    await cells.write(homeRegion, "three");
    await holds(peerRegion, ["one", "two", "three"]);
    expect(cells.notes.join("\n")).not.to.contain("rebuilt");
  });

  it("refuses a switchover that would lose something, and leaves the writer a writer", async () => {
    await cells.link.stall("replication");
    await cells.write(homeRegion, "on one side only");
    const refusal = await cells.database.switchover(peerRegion).catch((error: Error) => error.message);
    expect(refusal).to.contain("would lose");
    expect(cells.database.writer).to.equal(homeRegion);
    await cells.write(homeRegion, "still a writer");
  });

  it("restarts a server that crashed, with its data", async () => {
    await cells.write(homeRegion, "before");
    const database = cells.regions.in(homeRegion).process("database");
    await database.kill();
    await until(() => database.restarts === 1, { what: "the database to be restarted", withinMs: 10_000 });
    expect(await cells.read(homeRegion)).to.deep.equal(["before"]);
    await cells.write(homeRegion, "after");
    await holds(peerRegion, ["before", "after"]);
  });

  it("rebuilds a reader whose folder is good for nothing", async () => {
    await cells.write(homeRegion, "before");
    const server = cells.database.server(peerRegion);
    await cells.regions.in(peerRegion).kill();
    server.spoil();
    await cells.regions.in(peerRegion).restore();
    await holds(peerRegion, ["before"]);
  });
});
