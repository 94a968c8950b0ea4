import { EventEmitter } from "node:events";
import { Audience } from "@castle/services/market-data/sockets/audience.ts";
import {
  Connection,
  type ConnectionLimits,
  standardLimits,
} from "@castle/services/market-data/sockets/connection.ts";
import { expect } from "chai";
import type { WebSocket } from "ws";

/** A socket that keeps what it is given to send. */
class FakeSocket extends EventEmitter {
  bufferedAmount = 0;
  pings = 0;
  terminated = false;
  closed: { code: number; reason: string } | null = null;
  readonly sent: string[] = [];

  send(message: string | Buffer): void {
    this.sent.push(String(message));
  }
  ping(): void {
    this.pings++;
  }
  close(code: number, reason: string): void {
    this.closed = { code, reason };
  }
  terminate(): void {
    this.terminated = true;
  }
  says(message: unknown): void {
    this.emit("message", Buffer.from(JSON.stringify(message)), false);
  }
}

const limits = { ...standardLimits, streams: 3, requestsPerSecond: 8 };

function connect(audience: Audience, combined = false, other: Partial<ConnectionLimits> = {}) {
  const socket = new FakeSocket();
  const slow: number[] = [];
  const connection = new Connection({
    socket: socket as unknown as WebSocket,
    combined,
    audience,
    readName: (name) => (name.startsWith("no") ? { unknown: `there is no ${name}` } : { name, topic: name }),
    limits: { ...limits, ...other },
    onSlow: (bytes) => slow.push(bytes),
  });
  return { socket, connection, slow, heard: () => socket.sent.map((text) => JSON.parse(text)) };
}

describe("a connection", () => {
  let audience: Audience;
  beforeEach(() => {
    audience = new Audience();
  });
  const publish = (topic: string, event: object): number => audience.publish([topic], () => event);

  it("hears what it subscribed to, until it unsubscribes", () => {
    const { socket, heard } = connect(audience);
    socket.says({ method: "SUBSCRIBE", params: ["a", "b"], id: 1 });
    publish("a", { n: 1 });
    publish("other", { n: 2 });
    socket.says({ method: "UNSUBSCRIBE", params: ["a"], id: 2 });
    publish("a", { n: 3 });
    socket.says({ method: "LIST_SUBSCRIPTIONS", id: 3 });
    expect(heard()).to.deep.equal([
      { result: null, id: 1 },
      { n: 1 },
      { result: null, id: 2 },
      { result: ["b"], id: 3 },
    ]);
  });

  it("hears messages under the name it used, when it wants them combined", () => {
    const { connection, heard } = connect(audience, true);
    connection.subscribe(["a"]);
    publish("a", { n: 1 });
    expect(heard()).to.deep.equal([{ stream: "a", data: { n: 1 } }]);
  });

  it("subscribes to all of what it asks for, or to none", () => {
    const { socket, heard } = connect(audience);
    socket.says({ method: "SUBSCRIBE", params: ["a", "nothing"], id: 1 });
    expect(heard()).to.deep.equal([{ code: 2, msg: "Invalid request: there is no nothing", id: 1 }]);
    expect(publish("a", {})).to.equal(0);
  });

  it("may have so many streams and no more", () => {
    const { connection } = connect(audience);
    expect(connection.subscribe(["a", "b", "c"])).to.equal(null);
    expect(connection.subscribe(["c"])).to.equal(null);
    expect(connection.subscribe(["d"])).to.equal("a connection may have 3 streams, not 4");
  });

  it("is closed when it asks too often", () => {
    const { socket } = connect(audience);
    for (let id = 1; id <= 9; id++) socket.says({ method: "LIST_SUBSCRIPTIONS", id });
    expect(socket.sent).to.have.length(8);
    expect(socket.closed).to.deep.equal({ code: 1008, reason: "more than 8 requests in a second" });
  });

  it("is answered when it sends what is no text", () => {
    const { socket, heard } = connect(audience);
    socket.emit("message", Buffer.from("{}"), true);
    expect(heard()).to.deep.equal([{ code: 2, msg: "Invalid request: expected a text message" }]);
  });

  it("is told by how much it is behind, and dropped, when it does not keep up", () => {
    const { socket, connection, slow } = connect(audience);
    connection.subscribe(["a"]);
    socket.bufferedAmount = limits.behind;
    publish("a", { n: 1 });
    expect(socket.closed).to.equal(null);
    socket.bufferedAmount = limits.behind + 1;
    publish("a", { n: 2 });
    expect(socket.closed).to.deep.equal({ code: 1008, reason: "slow consumer: 1048577 bytes behind" });
    expect(slow).to.deep.equal([1_048_577]);
    expect(publish("a", { n: 3 }), "it has left").to.equal(0);
    expect(socket.sent).to.have.length(1);
  });

  it("is pinged while it answers, and ended when it has not for a minute", () => {
    const { socket, connection } = connect(audience);
    const start = performance.now();
    connection.heartbeat(start + 59_000);
    expect(socket.pings).to.equal(1);
    connection.heartbeat(start + 61_000);
    expect(socket.terminated).to.equal(true);
  });

  it("is ended after a day, however well it answers", () => {
    const { socket, connection } = connect(audience, false, { silentMs: Number.POSITIVE_INFINITY });
    connection.heartbeat(performance.now() + 24 * 60 * 60_000 + 1_000);
    expect(socket.closed?.code).to.equal(1001);
  });

  it("leaves every stream when its socket closes", () => {
    const { socket, connection } = connect(audience);
    connection.subscribe(["a"]);
    socket.emit("close");
    expect(publish("a", {})).to.equal(0);
  });
});

describe("an audience", () => {
  it("makes a message once for all who want it alike, and not at all for nobody", () => {
    const audience = new Audience();
    let made = 0;
    const event = () => ({ n: ++made });
    const received: Buffer[] = [];
    const listener = (combined: boolean) => ({
      combined,
      send: (message: Buffer) => void received.push(message),
    });
    expect(audience.publish(["a", "b"], event)).to.equal(0);
    expect(made).to.equal(0);
    for (const combined of [false, false, true, true]) audience.join("a", listener(combined), "a");
    audience.join("b", listener(false), "b");
    expect(audience.publish(["a", "b"], event)).to.equal(5);
    expect(made).to.equal(1);
    const [first, second, third, fourth, fifth] = received;
    expect(first).to.equal(second).and.to.equal(fifth);
    expect(third).to.equal(fourth);
    expect(String(third)).to.equal('{"stream":"a","data":{"n":1}}');
  });
});
