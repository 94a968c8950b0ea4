import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import { connect, type Socket } from "node:net";
import { Edge } from "@castle/lab/edge/edge.ts";
import type { EdgeTarget } from "@castle/lab/edge/plan.ts";
import { until } from "@castle/lab/processes/until.ts";
import { homeRegion, peerRegion, type RegionName } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { freePorts } from "./support/free-port.ts";

/** A service's process as the edge sees it: says its name on its traffic port, and its health on the other. */
class StandIn {
  healthy = true;
  readonly target: EdgeTarget;
  readonly #servers: Server[];

  constructor(target: EdgeTarget) {
    this.target = target;
    this.#servers = [
      createServer((_request, response) => response.end(`${target.region}/${target.instance}`)).listen(
        target.port,
        "127.0.0.1",
      ),
      createServer((request, response) => {
        response.statusCode = this.healthy && request.url === target.healthPath ? 200 : 503;
        response.end();
      }).listen(target.internalPort, "127.0.0.1"),
    ];
  }

  close(): void {
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
  }
}

describe("the edge", () => {
  let release: () => Promise<void>;
  let edge: Edge;
  let standIns: StandIn[];
  let apiPort: number;

  beforeEach(async () => {
    const { ports, release: give } = await freePorts(14);
    release = give;
    const take = (): number => ports.shift() ?? 0;
    apiPort = take();
    const listeners = [
      { service: "order-gateway", port: apiPort },
      { service: "market-data", port: take() },
    ] as const;
    standIns = [homeRegion, peerRegion].flatMap((region) =>
      (["order-gateway-0", "order-gateway-1", "market-data-0"] as const).map(
        (instance) =>
          new StandIn({
            ...{ region, instance, port: take(), internalPort: take(), healthPath: "/healthz/active" },
            service: instance === "market-data-0" ? "market-data" : "order-gateway",
          }),
      ),
    );
    setHealth(peerRegion, false);
    edge = new Edge({
      listeners,
      targets: standIns.map(({ target }) => target),
      nearestFirst: [homeRegion, peerRegion],
      // A check fails after four fifths of it: long enough for a busy machine.
      intervalMs: 100,
    });
    await edge.open();
    await settled(homeRegion, "healthy");
    await settled(peerRegion, "unhealthy");
  });

  afterEach(async () => {
    await edge.close();
    for (const standIn of standIns) standIn.close();
    await release();
  });

  function setHealth(region: RegionName, healthy: boolean, instance = ""): void {
    for (const standIn of standIns)
      if (standIn.target.region === region && standIn.target.instance.startsWith(instance))
        standIn.healthy = healthy;
  }

  const healthOf = (region: RegionName): string | undefined =>
    edge.view().groups.find((group) => group.region === region)?.health;

  const settled = (region: RegionName, health: string): Promise<void> =>
    until(() => healthOf(region) === health, {
      what: `${region} to be ${health}`,
      withinMs: 60_000,
      everyMs: 5,
    });

  function ask(): Promise<string> {
    return new Promise((resolve, reject) => {
      const sent = request({ port: apiPort, host: "127.0.0.1", agent: false }, (response) => {
        let text = "";
        response.on("data", (chunk) => (text += chunk));
        response.on("end", () => resolve(text));
      });
      sent.on("error", reject);
      sent.end();
    });
  }

  it("leads to the healthy region, and spreads connections over its healthy targets", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, ask));
    expect(new Set(answers)).to.have.keys(`${homeRegion}/order-gateway-0`, `${homeRegion}/order-gateway-1`);
    setHealth(homeRegion, false, "order-gateway-1");
    await until(async () => (await Promise.all([ask(), ask()])).every((name) => name.endsWith("gateway-0")), {
      ...{ what: "the unhealthy gateway to be left out", withinMs: 60_000 },
    });
    await settled(homeRegion, "healthy");
  });

  it("takes a region for unhealthy when one of its services has no healthy target", async () => {
    setHealth(peerRegion, true);
    await settled(peerRegion, "healthy");
    setHealth(homeRegion, false, "market-data");
    await settled(homeRegion, "unhealthy");
    expect(await ask()).to.contain(peerRegion);
  });

  it("fails over to the other region although its dial is 0", async () => {
    edge.set(peerRegion, { dial: 0, weight: 128 });
    setHealth(peerRegion, true);
    await settled(peerRegion, "healthy");
    expect(await ask()).to.contain(homeRegion);
    setHealth(homeRegion, false);
    await settled(homeRegion, "unhealthy");
    expect(await ask()).to.contain(peerRegion);
  });

  it("keeps a region of weight 0, or without its endpoint, out", async () => {
    setHealth(peerRegion, true);
    await settled(peerRegion, "healthy");
    for (const weight of [0, null]) {
      edge.set(homeRegion, { dial: 100, weight });
      expect(await ask()).to.contain(peerRegion);
    }
    edge.set(homeRegion, { dial: 100, weight: 128 });
    expect(await ask()).to.contain(homeRegion);
  });

  it("fails open to the nearest region when nothing is healthy", async () => {
    setHealth(homeRegion, false);
    await settled(homeRegion, "unhealthy");
    expect(await ask()).to.contain(homeRegion);
  });

  it("resets the connection when every weight is 0", async () => {
    for (const region of [homeRegion, peerRegion]) edge.set(region, { dial: 100, weight: 0 });
    const error = await ask().catch((refusal: NodeJS.ErrnoException) => refusal);
    expect(error).to.have.property("code", "ECONNRESET");
  });

  it("leaves an established connection where it is", async () => {
    setHealth(peerRegion, true);
    await settled(peerRegion, "healthy");
    const socket = connect({ port: apiPort, host: "127.0.0.1" });
    expect(await overSocket(socket)).to.contain(homeRegion);
    setHealth(homeRegion, false);
    edge.set(homeRegion, { dial: 0, weight: 0 });
    await settled(homeRegion, "unhealthy");
    expect(await ask()).to.contain(peerRegion);
    expect(await overSocket(socket)).to.contain(homeRegion);
    socket.destroy();
  });

  it("resets the client's connection when the process behind it is gone", async () => {
    for (const standIn of standIns) if (standIn.target.region === homeRegion) standIn.close();
    const error = await ask().catch((refusal: NodeJS.ErrnoException) => refusal);
    expect(error).to.have.property("code", "ECONNRESET");
  });

  it("counts a target that does not answer in time as failed", async () => {
    setHealth(peerRegion, true);
    await settled(peerRegion, "healthy");
    for (const standIn of standIns)
      if (standIn.target.region === homeRegion && standIn.target.service === "market-data") standIn.close();
    const [silent] = standIns.filter(
      ({ target }) => target.region === homeRegion && target.service === "market-data",
    );
    const held = new Set<Socket>();
    const mute = createServer(() => undefined).on("connection", (socket) => held.add(socket));
    await once(mute.listen(silent?.target.internalPort, "127.0.0.1"), "listening");
    await until(() => held.size > 2, { what: "the silent target to be asked", withinMs: 60_000 });
    await settled(homeRegion, "unhealthy");
    mute.close();
    mute.closeAllConnections();
  });
});

/** One request over a connection that stays open. */
async function overSocket(socket: Socket): Promise<string> {
  socket.write("GET / HTTP/1.1\r\nHost: edge\r\n\r\n");
  const [answer] = await once(socket, "data");
  return String(answer);
}
