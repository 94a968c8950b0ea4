import { until } from "@castle/lab/processes/until.ts";
import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { type BareCells, startBareCells } from "./support/bare-cells.ts";

describe("the lab's servers and their network", () => {
  const running: BareCells[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((cells) => cells.down()));
  });

  async function start(): Promise<BareCells> {
    const cells = await startBareCells();
    running.push(cells);
    return cells;
  }

  it("run twice on one machine without knowing of each other", async () => {
    const [one, other] = await Promise.all([start(), start()]);
    await one.write(homeRegion, "in one");
    await other.write(homeRegion, "in the other");
    expect(await one.read(homeRegion)).to.deep.equal(["in one"]);
    await one.down();
    expect(await other.read(homeRegion)).to.deep.equal(["in the other"]);
  });

  it("keep their faults and settings when the network process dies and is started again", async () => {
    const cells = await start();
    await cells.link.cut(["redis"]);
    await cells.network.setGroup(peerRegion, { dial: 100, weight: 0 });
    const before = cells.network.daemon.pid;
    await cells.network.daemon.kill({ onPurpose: false });
    await until(() => cells.network.daemon.state === "running" && cells.network.daemon.pid !== before, {
      ...{ what: "the network process to run again", withinMs: 60_000 },
    });
    await cells.write(homeRegion, "crossed the new one");
    await until(async () => (await cells.read(peerRegion)).length === 1, {
      ...{ what: "replication to go on", withinMs: 60_000 },
    });
    expect((await cells.datastore.server(peerRegion).replication()).linkUp).to.equal(false);
    const peer = cells.network.edge.groups.find(({ region }) => region === peerRegion);
    expect(peer).to.include({ weight: 0 });
  });
});
