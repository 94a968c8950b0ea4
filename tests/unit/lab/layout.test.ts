import { edgePlan, layOut, linkPaths, sizesFor, withGateways } from "@castle/lab/layout.ts";
import { homeRegion, peerRegion, witnessRegion } from "@castle/regions/catalogue.ts";
import { catalogueSizes, services, sizesBy } from "@castle/services/catalogue.ts";
import { expect } from "chai";

const layout = () => {
  let next = 1_000;
  return layOut(async () => next++, new Map(), catalogueSizes);
};

describe("the layout of a lab", () => {
  it("gives every server and every instance of the catalogue ports of its own", async () => {
    const { cells, edge, witness, controlPlane } = await layout();
    const ports = [
      ...[witness, controlPlane, ...edge.values()],
      ...cells.all.flatMap(({ database, journal, redis, kubernetes, link, services: instances }) => [
        ...[database, journal, redis, kubernetes, ...Object.values(link)],
        ...instances.flatMap(({ port, internalPort }) => [port ?? [], internalPort].flat()),
      ]),
    ];
    expect(new Set(ports)).to.have.length(ports.length);
    for (const [region, role] of [
      [homeRegion, "active"],
      [peerRegion, "standby"],
    ] as const)
      expect(cells.in(region).services, role).to.have.length(
        services.reduce((sum, { replicas }) => sum + replicas[role], 0),
      );
  });

  it("has one instance of each service where two would fight for the machine's cores", () => {
    const one = sizesBy(() => ({ standby: 1, active: 1 }));
    expect([2, 3, 4, 16].map(sizesFor)).to.deep.equal([one, one, catalogueSizes, catalogueSizes]);
    expect(withGateways(3)["order-gateway"]).to.deep.equal({ standby: 3, active: 3 });
  });

  it("gives a port to traffic only where the catalogue has one", async () => {
    const { cells } = await layout();
    for (const { service, port } of cells.in(homeRegion).services)
      expect(port === null, service.name).to.equal(service.port === null);
  });

  it("leads every channel from each cell to the other, and the witness's to the third region", async () => {
    const made = await layout();
    const paths = linkPaths(made).map(({ channel, from, to, targetPort }) => ({
      channel,
      from,
      to,
      targetPort,
    }));
    const [home, peer] = [made.cells.in(homeRegion), made.cells.in(peerRegion)];
    expect(paths).to.deep.include.members([
      { channel: "replication", from: peerRegion, to: homeRegion, targetPort: home.database },
      { channel: "journal", from: homeRegion, to: peerRegion, targetPort: peer.journal },
      { channel: "redis", from: peerRegion, to: homeRegion, targetPort: home.redis },
      { channel: "witness", from: homeRegion, to: witnessRegion, targetPort: made.witness },
    ]);
    expect(paths).to.have.length(8);
  });

  it("puts behind the edge what the catalogue puts there, nearest region first", async () => {
    const plan = edgePlan(await layout(), peerRegion);
    expect(plan.nearestFirst).to.deep.equal([peerRegion, homeRegion]);
    const led = services.filter(({ edgePort }) => edgePort !== null);
    expect(plan.listeners.map(({ service }) => service)).to.deep.equal(led.map(({ name }) => name));
    expect(new Set(plan.targets.map(({ service }) => service))).to.have.length(led.length);
  });

  it("takes the edge's ports that were asked for", async () => {
    let next = 1_000;
    const made = await layOut(async () => next++, new Map([["order-gateway", 8_443]]));
    expect(made.edge.get("order-gateway")).to.equal(8_443);
  });
});
