import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Edge } from "@castle/lab/edge/edge.ts";
import { limitFileSize } from "@castle/lab/processes/file-size.ts";
import { serverUser } from "@castle/lab/processes/server-user.ts";
import { until } from "@castle/lab/processes/until.ts";
import { WitnessRegion } from "@castle/lab/witness/witness-region.ts";
import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import { WitnessUnreachable } from "@castle/regions/witness/errors.ts";
import { expect } from "chai";
import { freePorts } from "./support/free-port.ts";

describe("the witness's region, lost", () => {
  it("answers nobody, and comes back with what it held", async () => {
    const { ports, release } = await freePorts(1);
    const region = await WitnessRegion.start(ports[0] ?? 0);
    try {
      const held = await region.witness.read();
      await region.lose();
      const refused = await region.witness.read().catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(WitnessUnreachable);
      await region.comeBack();
      expect(await region.witness.read()).to.deep.equal(held);
    } finally {
      await region.close();
      await release();
    }
  });
});

describe("a limit on the size of files", () => {
  const LIMIT = 4_096;
  const WANTED = 10_000;

  /** Writes a file when it is told to. @returns how large that became */
  async function written(limit: number | null): Promise<number> {
    const folder = await mkdtemp(join(tmpdir(), "castle-limit-"));
    const user = serverUser();
    const file = join(user ? tmpdir() : folder, `castle-limit-${process.pid}-${limit}`);
    const child = spawn("sh", ["-c", `read go; head -c ${WANTED} /dev/zero > ${file}`], {
      stdio: ["pipe", "ignore", "ignore"],
      ...(user ?? {}),
    });
    try {
      await limitFileSize([child.pid ?? 0], LIMIT);
      if (limit === null) await limitFileSize([child.pid ?? 0], null);
      const exited = once(child, "exit");
      child.stdin.end("go\n");
      await exited;
      return (await stat(file)).size;
    } finally {
      await rm(file, { force: true });
      await rm(folder, { recursive: true });
    }
  }

  it("holds for a server that runs already, and for what it forks", async () =>
    expect(await written(LIMIT)).to.equal(LIMIT));

  it("can be lifted again", async () => expect(await written(null)).to.equal(WANTED));
});

describe("the edge's connections in a black hole", () => {
  let release: () => Promise<void>;
  let edge: Edge;
  let service: Server;
  let apiPort: number;
  const opened: Socket[] = [];

  beforeEach(async () => {
    const { ports, release: give } = await freePorts(3);
    release = give;
    const [api = 0, port = 0, internalPort = 0] = ports;
    apiPort = api;
    service = createServer((_request, response) => response.end("here")).listen(port, "127.0.0.1");
    const health = createServer((_request, response) => response.end()).listen(internalPort, "127.0.0.1");
    service.once("close", () => {
      health.close();
      health.closeAllConnections();
    });
    edge = new Edge({
      listeners: [{ service: "order-gateway", port: api }],
      targets: [
        {
          ...{ region: homeRegion, service: "order-gateway", instance: "order-gateway-0" },
          ...{ port, internalPort, healthPath: "/" },
        },
      ],
      nearestFirst: [homeRegion, peerRegion],
      intervalMs: 25,
    });
    await edge.open();
    await until(() => edge.view().groups[0]?.health === "healthy", {
      what: "the service to be healthy",
      withinMs: 60_000,
      everyMs: 5,
    });
  });

  afterEach(async () => {
    for (const socket of opened.splice(0)) socket.destroy();
    await edge.close();
    service.close();
    service.closeAllConnections();
    await release();
  });

  async function client(): Promise<{ socket: Socket; heard: () => string; ask: () => void }> {
    const socket = connect(apiPort, "127.0.0.1");
    opened.push(socket);
    socket.on("error", () => undefined);
    let text = "";
    socket.on("data", (chunk) => (text += chunk));
    await once(socket, "connect");
    return { socket, heard: () => text, ask: () => socket.write("GET / HTTP/1.1\r\nHost: castle\r\n\r\n") };
  }
  const answered = (heard: () => string): Promise<void> =>
    until(() => heard().includes("here"), { what: "an answer", withinMs: 60_000, everyMs: 5 });

  it("stay open and carry nothing more, while new ones are well", async () => {
    const old = await client();
    old.ask();
    await answered(old.heard);
    const before = old.heard();
    edge.swallow();
    old.ask();
    const fresh = await client();
    fresh.ask();
    await answered(fresh.heard);
    expect(old.heard()).to.equal(before);
    expect(old.socket.readyState).to.equal("open");
  });
});
