import { once } from "node:events";
import { until } from "@castle/lab/processes/until.ts";
import { HEARTBEAT } from "@castle/services/kernel/line/frames.ts";
import { expect } from "chai";
import { connectRaw, LineEnd, LinePair, listen } from "./line-pair.ts";

const MEBIBYTE = 1024 * 1024;

describe("sending over a line", () => {
  it("keeps the order, both ways at once, whatever the sizes", async () => {
    await using pair = await LinePair.connect();
    const messages = Array.from({ length: 2_000 }, (_, n) => `${n} ${"€".repeat((n * 7_919) % 3_000)}`);
    for (const [n, message] of messages.entries()) {
      pair.gateway.line.send(message);
      pair.engine.line.send(message);
      if (n % 37 === 0) await new Promise(setImmediate);
    }
    await Promise.all([pair.engine.hears(messages.length), pair.gateway.hears(messages.length)]);
    expect(pair.engine.messages).to.deep.equal(messages);
    expect(pair.gateway.messages).to.deep.equal(messages);
  });

  it("takes one write for what is sent in one turn of the event loop", async () => {
    await using pair = await LinePair.connect({ client: { heartbeatMs: 60_000, silentMs: 120_000 } });
    pair.tap.forget();
    for (let n = 0; n < 100; n++) {
      pair.gateway.line.send(`message ${n}`);
      // A promise is settled within the turn.
      if (n % 10 === 0) await Promise.resolve();
    }
    await pair.engine.hears(100);
    expect(pair.tap.recordsToServer).to.equal(1);
  });

  it("carries a message of several mebibytes", async () => {
    await using pair = await LinePair.connect();
    const message = "snapshot ".repeat(MEBIBYTE);
    pair.engine.line.send(message);
    await pair.gateway.hears(1);
    expect(pair.gateway.messages[0] === message).to.equal(true);
    await until(() => pair.engine.line.bytesBehind === 0, { what: "nothing to wait", withinMs: 5_000 });
  });

  it("closes the line of a peer that lives but does not read", async () => {
    const engine = new LineEnd();
    const server = await listen({ engine, limits: { maxBytesBehind: MEBIBYTE } });
    const raw = connectRaw(server.port);
    raw.on("error", () => undefined);
    await once(raw, "secureConnect");
    const alive = setInterval(() => raw.write(HEARTBEAT), 100);
    try {
      await until(() => server.lines.size === 1, { what: "the line", withinMs: 5_000 });
      const message = "x".repeat(64 * 1024);
      await until(
        () => {
          for (let n = 0; n < 8; n++) engine.line.send(message);
          return engine.line.closed;
        },
        { what: "the line to close", withinMs: 15_000, everyMs: 1 },
      );
      expect(server.lines.size).to.equal(0);
      await engine.closes();
      expect(engine.closings[0]).to.match(/^the other end does not read: \d+ bytes wait for it$/);
    } finally {
      clearInterval(alive);
      raw.destroy();
      await server.close();
    }
  });

  it("closes the line over a message that is too long, before it is sent", async () => {
    await using pair = await LinePair.connect({ client: { maxFrameBytes: 10 } });
    pair.gateway.line.send("just right");
    pair.gateway.line.send("eleven long");
    await pair.gateway.closes();
    expect(pair.gateway.closings).to.deep.equal([
      "a message of 11 bytes was to be sent, at most 10 are allowed",
    ]);
  });

  it("refuses an empty message, which would be a heartbeat", async () => {
    await using pair = await LinePair.connect();
    expect(() => pair.gateway.line.send("")).to.throw(RangeError, "an empty message cannot be sent");
  });
});
