import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { createServer, type Server, type TLSSocket } from "node:tls";
import { LINE_TLS, lineKey, parseIdentity } from "./credentials.ts";
import { DEFAULT_LINE_LIMITS, type LineLimits } from "./limits.ts";
import { Line, type LineHandlers, type LinePeer } from "./line.ts";

const HANDSHAKE_WITHIN_MS = 2_000;
/** For a host that vanished while this end had nothing to say; the line's own silence is noticed long before. */
const KEEP_ALIVE_MS = 10_000;

export interface LineServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly sealKey: Buffer;
  /** Called for each line once it is authenticated, with `line.peer` as it named itself. */
  readonly accept: (line: Line) => LineHandlers;
  readonly limits?: Partial<LineLimits>;
}

/** Where lines end. */
export class LineServer {
  readonly #server: Server;
  readonly #limits: LineLimits;
  readonly #accept: LineServerOptions["accept"];
  readonly #lines = new Set<Line>();
  /** Connections that are not authenticated yet, by the other end's address and port. */
  readonly #handshakes = new Map<string, Handshake>();
  readonly #peers = new WeakMap<TLSSocket, LinePeer>();
  #failedHandshakes = 0;

  /** @throws when the address cannot be listened on */
  static async listen(options: LineServerOptions): Promise<LineServer> {
    const server = new LineServer(options);
    server.#server.listen(options.port, options.host);
    await once(server.#server, "listening");
    return server;
  }

  private constructor({ sealKey, accept, limits }: LineServerOptions) {
    this.#accept = accept;
    this.#limits = { ...DEFAULT_LINE_LIMITS, ...limits };
    const psk = lineKey(sealKey);
    this.#server = createServer({
      ...LINE_TLS,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
      pskCallback: (socket, identity) => {
        const peer = parseIdentity(identity);
        if (peer === null) return null;
        this.#peers.set(socket, peer);
        return psk;
      },
    });
    this.#server.on("connection", (socket) => this.#expectHandshake(socket));
    this.#server.on("secureConnection", (socket) => this.#authenticated(socket));
    // A connection that could not be accepted (no file descriptors left); the next one is tried nevertheless.
    this.#server.on("error", () => (this.#failedHandshakes += 1));
    // Node leaves the socket to whoever listens here.
    this.#server.on("tlsClientError", (_, socket) => {
      this.#failedHandshakes += 1;
      socket.destroy();
    });
  }

  /** The actual one when 0 was asked for. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get lines(): ReadonlySet<Line> {
    return this.#lines;
  }

  /** Connections that ended before they were authenticated: another key, another protocol, a scan, too slow. */
  get failedHandshakes(): number {
    return this.#failedHandshakes;
  }

  /** Takes no more lines and closes every one. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const line of this.#lines) line.close("the server is stopping");
    for (const { socket } of this.#handshakes.values()) socket.destroy();
    await closed;
  }

  /**
   * Bounds the whole handshake: Node's own limit (`handshakeTimeout`) begins again with every byte, so a slow sender
   * would hold a connection for ever.
   */
  #expectHandshake(socket: Socket): void {
    const key = addressOf(socket);
    const deadline = setTimeout(() => socket.destroy(), HANDSHAKE_WITHIN_MS);
    this.#handshakes.set(key, { socket, deadline });
    socket.once("close", () => this.#endHandshake(key));
  }

  #endHandshake(key: string): void {
    clearTimeout(this.#handshakes.get(key)?.deadline);
    this.#handshakes.delete(key);
  }

  #authenticated(socket: TLSSocket): void {
    this.#endHandshake(addressOf(socket));
    const peer = this.#peers.get(socket);
    if (peer === undefined) throw new Error("a line was authenticated without an identity");
    const line = new Line(socket, peer, this.#limits);
    this.#lines.add(line);
    line.open(this.#accept(line), () => this.#lines.delete(line));
  }
}

interface Handshake {
  readonly socket: Socket;
  readonly deadline: NodeJS.Timeout;
}

/** TLS wraps each connection in a socket of its own; the address is what both have in common. */
const addressOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;
