import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { until } from "@castle/lab/processes/until.ts";
import { type DialOptions, dial } from "@castle/services/kernel/line/dial.ts";
import type { LineServer } from "@castle/services/kernel/line/line-server.ts";
import { expect } from "chai";
import { connectRaw, GATEWAY, LineEnd, LinePair, listen, SEAL_KEY } from "./line-pair.ts";

async function failureOf(address: string, options: Partial<DialOptions> = {}): Promise<string> {
  try {
    const handlers = new LineEnd();
    await dial(address, {
      sealKey: SEAL_KEY,
      identity: GATEWAY,
      handlers,
      connectWithinMs: 10_000,
      ...options,
    });
  } catch (error) {
    return (error as Error).message;
  }
  return "connected";
}

describe("who may hold a line", () => {
  let server: LineServer;
  let engine: LineEnd;
  beforeEach(async () => {
    engine = new LineEnd();
    server = await listen({ engine });
  });
  afterEach(() => server.close());

  it("is known by the name it gives under the cell's key", async () => {
    await using pair = await LinePair.connect();
    expect(pair.engine.line.peer).to.deep.equal(GATEWAY);
    expect(pair.gateway.line.peer).to.deep.equal({
      service: "line-server",
      instance: `127.0.0.1:${pair.tap.port}`,
    });
  });

  it("is refused with another key, which costs the server a count", async () => {
    const address = `127.0.0.1:${server.port}`;
    expect(await failureOf(address, { sealKey: Buffer.alloc(32, 2) })).to.equal(
      `line to ${address} refused: is CASTLE_SEAL_KEY the same?`,
    );
    expect([server.failedHandshakes, server.lines.size]).to.deep.equal([1, 0]);
    expect(() => engine.line).to.throw();
  });

  it("must have a name that fits a log and a metric", async () => {
    const identity = { service: "order gateway", instance: "0" };
    expect(await failureOf(`127.0.0.1:${server.port}`, { identity })).to.contain(
      `"order gateway/0" is no identity for a line`,
    );
    const raw = connectRaw(server.port, "order gateway/0");
    const [error] = await once(raw, "error");
    expect(error.code).to.equal("ERR_SSL_TLSV1_ALERT_UNKNOWN_PSK_IDENTITY");
    expect(server.lines.size).to.equal(0);
  });

  it("says nothing that can be read on the wire", async () => {
    await using pair = await LinePair.connect();
    pair.gateway.line.send("buy a lot of BTCUSDT");
    await pair.engine.hears(1);
    expect(pair.engine.messages).to.deep.equal(["buy a lot of BTCUSDT"]);
    expect(pair.tap.toServer.length).to.be.above(100);
    expect(pair.tap.toServer.includes("BTCUSDT")).to.equal(false);
  });

  it("loses the line when a bit is altered on the way", async () => {
    await using pair = await LinePair.connect();
    pair.tap.tampers = true;
    pair.gateway.line.send("buy 1");
    await Promise.all([pair.engine.closes(), pair.gateway.closes()]);
    expect(pair.engine.messages).to.deep.equal([]);
    expect(pair.engine.closings[0]).to.match(/^the connection failed: .*bad record mac/);
  });

  it("has two seconds to prove itself, however slowly it goes on", async () => {
    const silent = connect(server.port, "127.0.0.1");
    const slow = connect(server.port, "127.0.0.1");
    // The head of a TLS record of 16 KiB, whose bytes come one at a time.
    slow.write(Buffer.from([22, 3, 1, 64, 0]));
    const drip = setInterval(() => slow.write(Buffer.of(1)), 50);
    slow.on("error", () => undefined);
    try {
      await Promise.all([once(silent, "close"), once(slow, "close")]);
    } finally {
      clearInterval(drip);
    }
    await until(() => server.failedHandshakes === 2, { what: "both to be counted", withinMs: 5_000 });
  });
});

describe("a line that cannot be had", () => {
  it("names the address where nothing listens", async () => {
    const free = createServer().listen(0, "127.0.0.1");
    await once(free, "listening");
    const address = `127.0.0.1:${(free.address() as AddressInfo).port}`;
    free.close();
    await once(free, "close");
    expect(await failureOf(address)).to.equal(
      `line to ${address} failed: nothing listens there (ECONNREFUSED)`,
    );
  });

  for (const [what, because, answer] of [
    ["a server that says nothing", "not authenticated within 300 ms", null],
    [
      "a server of another protocol",
      "what answers there does not speak TLS (ERR_SSL_WRONG_VERSION_NUMBER)",
      "HTTP/1.1 400 \r\n\r\n",
    ],
  ] as const) {
    it(`tells ${what} from one that is gone`, async () => {
      const server = createServer((socket) => {
        socket.on("error", () => undefined);
        if (answer !== null) socket.write(answer);
      }).listen(0, "127.0.0.1");
      await once(server, "listening");
      const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      try {
        const connectWithinMs = answer === null ? 300 : 10_000;
        expect(await failureOf(address, { connectWithinMs })).to.equal(
          `line to ${address} failed: ${because}`,
        );
      } finally {
        server.close();
      }
    });
  }

  it("has an address of host and port", async () => {
    expect(await failureOf("engine")).to.equal(`"engine" is no address of a line: it must be host:port`);
    expect(await failureOf("engine:70000")).to.contain("it must be host:port");
  });
});
