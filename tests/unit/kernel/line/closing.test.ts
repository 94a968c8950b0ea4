import { once } from "node:events";
import { connect } from "node:net";
import { until } from "@castle/lab/processes/until.ts";
import { dial } from "@castle/services/kernel/line/dial.ts";
import { LineServer } from "@castle/services/kernel/line/line-server.ts";
import { expect } from "chai";
import { connectRaw, GATEWAY, LineEnd, LinePair, listen, SEAL_KEY } from "./line-pair.ts";

describe("closing a line", () => {
  it("tells each end once, with the first cause", async () => {
    await using pair = await LinePair.connect();
    pair.engine.line.close("this cell is no longer active");
    pair.engine.line.close("another cause");
    await Promise.all([pair.engine.closes(), pair.gateway.closes()]);
    await new Promise(setImmediate);
    expect(pair.engine.closings).to.deep.equal(["this cell is no longer active"]);
    expect(pair.gateway.closings).to.deep.equal(["the other end closed the connection"]);
    expect([pair.server.lines.size, pair.gateway.line.closed]).to.deep.equal([0, true]);
  });

  it("is told of after `close` has returned, and makes `send` do nothing", async () => {
    await using pair = await LinePair.connect();
    pair.gateway.line.close("enough");
    expect([pair.gateway.line.closed, pair.gateway.closings]).to.deep.equal([true, []]);
    pair.gateway.line.send("too late");
    expect(pair.gateway.line.bytesBehind).to.equal(0);
    await pair.gateway.closes();
    await pair.engine.closes();
    expect(pair.engine.messages).to.deep.equal([]);
  });

  it("ends delivery at once, even within one chunk", async () => {
    await using pair = await LinePair.connect();
    pair.engine.onMessage = (message) => {
      pair.engine.messages.push(message);
      pair.engine.line.close(`that was enough: ${message}`);
    };
    for (const message of ["first", "second", "third"]) pair.gateway.line.send(message);
    await pair.engine.closes();
    expect([pair.engine.messages, pair.engine.closings]).to.deep.equal([
      ["first"],
      ["that was enough: first"],
    ]);
  });

  it("may be what accepting it does", async () => {
    const engine = new LineEnd();
    const accept = (line: LineEnd["line"]) => {
      line.close("one of this name is here already");
      return engine;
    };
    const server = await LineServer.listen({ host: "127.0.0.1", port: 0, sealKey: SEAL_KEY, accept });
    connectRaw(server.port).on("error", () => undefined);
    await engine.closes();
    expect(engine.closings).to.deep.equal(["one of this name is here already"]);
    expect(server.lines.size).to.equal(0);
    await server.close();
  });

  it("says what was wrong with a frame that cannot be one", async () => {
    const engine = new LineEnd();
    const server = await listen({ engine });
    const raw = connectRaw(server.port);
    raw.on("error", () => undefined);
    raw.write(Buffer.of(0xff, 0xff, 0xff, 0xff, 1));
    await engine.closes();
    expect(engine.closings).to.deep.equal([
      "a frame of 4294967295 bytes was announced, at most 67108864 are allowed",
    ]);
    await server.close();
  });

  it("happens to every line of a server that stops, and to what is no line yet", async () => {
    const engine = new LineEnd();
    const server = await listen({ engine });
    const address = `127.0.0.1:${server.port}`;
    const gateway = new LineEnd();
    const options = { sealKey: SEAL_KEY, identity: GATEWAY, connectWithinMs: 10_000 } as const;
    gateway.line = await dial(address, { ...options, handlers: gateway });
    const halfOpen = connect(server.port, "127.0.0.1");
    await once(halfOpen, "connect");
    await until(() => server.lines.size === 1, { what: "the server's line", withinMs: 5_000 });

    const ended = once(halfOpen, "close");
    await server.close();
    await Promise.all([ended, engine.closes(), gateway.closes()]);
    expect(engine.closings).to.deep.equal(["the server is stopping"]);
    expect(server.lines.size).to.equal(0);
  });

  it("leaves a message that comes with the connection to who has the line already", async () => {
    const accept = (line: LineEnd["line"]) => {
      line.send("welcome");
      return new LineEnd();
    };
    const server = await LineServer.listen({ host: "127.0.0.1", port: 0, sealKey: SEAL_KEY, accept });
    const gateway = new LineEnd();
    const heardBy: boolean[] = [];
    let has = false;
    gateway.onMessage = () => heardBy.push(has);
    const options = { sealKey: SEAL_KEY, identity: GATEWAY, connectWithinMs: 10_000, handlers: gateway };
    gateway.line = await dial(`127.0.0.1:${server.port}`, options);
    has = true;
    await until(() => heardBy.length > 0, { what: "the welcome", withinMs: 5_000 });
    expect(heardBy).to.deep.equal([true]);
    gateway.line.close("the test is over");
    await server.close();
  });
});
