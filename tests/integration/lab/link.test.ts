import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { ArrivalClock } from "@castle/lab/link/clock.ts";
import { PathProxy } from "@castle/lab/link/path-proxy.ts";
import { until } from "@castle/lab/processes/until.ts";
import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { freePorts } from "./support/free-port.ts";

const MEBIBYTE = 1024 * 1024;

describe("a path of the link", () => {
  let release: () => Promise<void>;
  let proxy: PathProxy;
  let server: Server;
  /** What the server does with a connection; echoes unless a test says otherwise. */
  let serve: (socket: Socket) => void;
  const served = new Set<Socket>();

  beforeEach(async () => {
    serve = (socket) => socket.pipe(socket);
    const { ports, release: give } = await freePorts(2);
    release = give;
    const [listenPort = 0, targetPort = 0] = ports;
    server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
      served.add(socket);
      socket.on("error", () => undefined);
      serve(socket);
    });
    await once(server.listen(targetPort, "127.0.0.1"), "listening");
    const path = { channel: "journal", from: homeRegion, to: peerRegion, listenPort, targetPort } as const;
    proxy = new PathProxy(path, new ArrivalClock());
    await proxy.open();
  });

  afterEach(async () => {
    await proxy.cut();
    for (const socket of served) socket.destroy();
    served.clear();
    await new Promise((resolve) => server.close(resolve));
    await release();
  });

  async function client(): Promise<Socket> {
    const socket = connect({ port: proxy.path.listenPort, host: "127.0.0.1", noDelay: true });
    await once(socket, "connect");
    socket.on("error", () => undefined);
    return socket;
  }

  async function answer(socket: Socket, text: string): Promise<number> {
    const sentAt = performance.now();
    socket.write(text);
    const [heard] = await once(socket, "data");
    expect(String(heard)).to.equal(text);
    return performance.now() - sentAt;
  }

  it("costs a round trip for a question and its answer, and another for the connection", async () => {
    proxy.setRoundTrip(40);
    const socket = await client();
    expect(await answer(socket, "first")).to.be.at.least(79);
    // A busy machine makes it longer, now and then; never shorter.
    let least = Number.POSITIVE_INFINITY;
    for (let n = 0; n < 5 || least >= 79; n++) least = Math.min(least, await answer(socket, `later ${n}`));
    expect(least).to.be.at.least(39);
    socket.destroy();
  });

  it("adds no delay at 0 ms", async () => {
    proxy.setRoundTrip(0);
    const socket = await client();
    // A timer, even of 0 ms, fires no sooner than after one: one answer that is sooner shows that there is none.
    let n = 0;
    while ((await answer(socket, String(n))) >= 1) n++;
    socket.destroy();
  });

  it("delivers everything in order, also while the delay changes", async () => {
    const socket = await client();
    let heard = "";
    socket.on("data", (chunk) => (heard += chunk));
    let sent = "";
    for (const [n, roundTrip] of [30, 2, 50, 0, 20].entries()) {
      proxy.setRoundTrip(roundTrip);
      for (let m = 0; m < 20; m++) {
        const line = `${n}.${m};`;
        sent += line;
        socket.write(line);
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    await until(() => heard.length >= sent.length, { what: "everything to arrive", withinMs: 60_000 });
    expect(heard).to.equal(sent);
    socket.destroy();
  });

  it("passes on that a side has ended, and what is said after that", async () => {
    proxy.setRoundTrip(10);
    let told = "";
    serve = (socket) => {
      socket.on("data", (chunk) => (told += chunk));
      socket.on("end", () => socket.end(`got ${told}`));
    };
    const socket = await client();
    socket.end("all of it");
    const [heard] = await once(socket, "data");
    expect(String(heard)).to.equal("got all of it");
    await once(socket, "close");
    await until(() => proxy.connections === 0, { what: "the connection to be forgotten", withinMs: 60_000 });
  });

  it("breaks connections when cut, refuses new ones, and takes them again when healed", async () => {
    const socket = await client();
    await answer(socket, "before");
    const broken = closed(socket);
    await proxy.cut();
    await broken;
    const refused = connect({ port: proxy.path.listenPort, host: "127.0.0.1" });
    const [error] = await once(refused, "error");
    expect(error).to.have.property("code", "ECONNREFUSED");
    await proxy.open();
    const again = await client();
    await answer(again, "after");
    again.destroy();
  });

  it("breaks the client's connection when the server refuses it", async () => {
    await new Promise((resolve) => server.close(resolve));
    const socket = connect({ port: proxy.path.listenPort, host: "127.0.0.1" });
    socket.on("error", () => undefined);
    await closed(socket);
    server = createServer();
    await once(server.listen(proxy.path.targetPort, "127.0.0.1"), "listening");
  });

  it("holds everything while stalled, ends included, and delivers it in order when resumed", async () => {
    proxy.setRoundTrip(4);
    const socket = await client();
    await answer(socket, "before");
    let heard = "";
    let ended = false;
    socket.on("data", (chunk) => (heard += chunk));
    socket.on("end", () => (ended = true));
    proxy.stall();
    socket.write("one,");
    socket.write("two,");
    socket.end("three");
    // Long enough for the whole to have come back ten times over.
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(heard).to.equal("");
    expect(socket.destroyed).to.equal(false);
    proxy.resume();
    await once(socket, "close");
    expect(heard).to.equal("one,two,three");
    expect(ended).to.equal(true);
  });

  it("makes the sender wait rather than hold any amount", async () => {
    const heldBack: Socket[] = [];
    serve = (socket) => {
      socket.pause();
      heldBack.push(socket);
    };
    proxy.setRoundTrip(2);
    const socket = await client();
    const size = 96;
    const chunk = Buffer.alloc(MEBIBYTE, 7);
    for (let n = 0; n < size; n++) socket.write(chunk);
    let before = -1;
    await until(
      () => {
        const now = socket.bytesWritten - socket.writableLength;
        const stands = now === before;
        before = now;
        return stands && now > 0;
      },
      { what: "the sender to be held back", withinMs: 60_000, everyMs: 100 },
    );
    expect(before).to.be.below(48 * MEBIBYTE);

    let arrived = 0;
    for (const held of heldBack) held.on("data", (data: Buffer) => (arrived += data.length)).resume();
    await until(() => arrived === size * MEBIBYTE, { what: "all of it to arrive", withinMs: 60_000 });
    socket.destroy();
  });
});

/** However it came about. */
const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => socket.once("close", () => resolve()));
