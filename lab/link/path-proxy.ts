import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { LinkPath } from "./channels.ts";
import type { ArrivalClock } from "./clock.ts";
import { Wire, type WireCondition } from "./wire.ts";

/** Carries TCP connections along one path of the link, with the link's delay and its faults. */
export class PathProxy {
  readonly path: LinkPath;
  readonly #clock: ArrivalClock;
  readonly #condition: WireCondition = { oneWayMs: 0, stalled: false };
  readonly #sockets = new Set<Socket>();
  readonly #wires = new Set<Wire>();
  #server: Server | null = null;

  constructor(path: LinkPath, clock: ArrivalClock) {
    this.path = path;
    this.#clock = clock;
  }

  get connections(): number {
    return this.#wires.size / 2;
  }

  setRoundTrip(ms: number): void {
    this.#condition.oneWayMs = ms / 2;
  }

  /** New connections are taken. @throws Error when the port cannot be had */
  async open(): Promise<void> {
    if (this.#server) return;
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#carry(client));
    this.#server = server;
    server.listen({ port: this.path.listenPort, host: "127.0.0.1" });
    try {
      await once(server, "listening");
    } catch (error) {
      this.#server = null;
      throw new Error(`the link's port ${this.path.listenPort} (${this.path.channel}) cannot be had`, {
        cause: error,
      });
    }
  }

  /** Every connection breaks, and new ones are refused. */
  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    for (const socket of this.#sockets) socket.resetAndDestroy();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  /** Nothing arrives any more, and nobody is told: a black hole. */
  stall(): void {
    this.#condition.stalled = true;
  }

  /** What was held arrives, in order. */
  resume(): void {
    this.#condition.stalled = false;
    for (const wire of this.#wires) {
      wire.deliver(performance.now());
      this.#clock.arrange(wire);
    }
  }

  #carry(client: Socket): void {
    const server = connect({
      port: this.path.targetPort,
      host: "127.0.0.1",
      allowHalfOpen: true,
      noDelay: true,
    });
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on("error", () => undefined); // "close" follows, which the wires pass on
      socket.once("close", () => this.#sockets.delete(socket));
    }
    // The handshake crosses the link too: the client may speak after one round trip, the server after half of it.
    const { oneWayMs } = this.#condition;
    const now = performance.now();
    this.#lay(client, server, now + 2 * oneWayMs);
    this.#lay(server, client, now + oneWayMs);
  }

  #lay(from: Socket, to: Socket, openAt: number): void {
    const wire = new Wire({ from, to, condition: this.#condition, clock: this.#clock, openAt });
    this.#wires.add(wire);
    to.once("close", () => this.#wires.delete(wire));
  }
}
