import { createServer, type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { ApiError, apiError, toApiError } from "../../kernel/http/errors.ts";
import type { Logger } from "../../kernel/log.ts";
import { metrics } from "../metrics.ts";
import { type ConnectUrl, readConnectUrl } from "../wire/connect-url.ts";
import type { ReadStreamName } from "../wire/stream-name.ts";
import type { Audience } from "./audience.ts";
import { Connection, type ConnectionLimits, closeCode } from "./connection.ts";

export interface StreamServerOptions {
  readonly host: string;
  readonly port: number;
  readonly audience: Audience;
  readonly readName: ReadStreamName;
  readonly limits: ConnectionLimits;
  readonly log: Logger;
  /** Why connections are refused now; null when they are welcome. */
  readonly refusal: () => string | null;
  readonly pingEveryMs?: number;
}

const PING_EVERY_MS = 20_000;
/** The longest request over a connection, in bytes: room for a thousand names. */
const LONGEST_REQUEST = 65_536;
/** How long a dropped client may take to read what still waits for it, and the reason behind that. */
const CLOSE_WITHIN_MS = 10_000;
/** A variable of its own: the types of ws do not know `closeTimeout` yet. */
const socketOptions = {
  noServer: true,
  maxPayload: LONGEST_REQUEST,
  perMessageDeflate: false,
  closeTimeout: CLOSE_WITHIN_MS,
};
const HOW_TO_CONNECT = "connect a WebSocket to /ws/<stream> or /stream?streams=<stream>/<stream>";

/** The WebSocket face: connections, and nothing of what is said over them. */
export class StreamServer {
  readonly #options: StreamServerOptions;
  readonly #http: Server;
  readonly #sockets = new WebSocketServer(socketOptions);
  readonly #connections = new Set<Connection>();
  #heartbeat: NodeJS.Timeout | null = null;

  constructor(options: StreamServerOptions) {
    this.#options = options;
    this.#http = createServer((_request, response) => {
      const answer = JSON.stringify(
        new ApiError(426, -1000, `This port speaks WebSocket: ${HOW_TO_CONNECT}.`),
      );
      response.writeHead(426, { "content-type": "application/json", upgrade: "websocket" }).end(answer);
    });
    this.#http.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** @returns the port, for when any free one was asked for (0) */
  async listen(): Promise<number> {
    const { host, port, pingEveryMs = PING_EVERY_MS } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#http.once("error", reject);
      this.#http.listen(port, host, resolve);
    });
    this.#heartbeat = setInterval(() => {
      for (const connection of this.#connections) connection.heartbeat();
    }, pingEveryMs);
    return (this.#http.address() as AddressInfo).port;
  }

  /** Closes every connection, so that its client looks for the cell that is active now. */
  closeAll(reason: string): void {
    if (this.#connections.size > 0)
      this.#options.log.info({ connections: this.#connections.size, reason }, "closing every connection");
    for (const connection of this.#connections) connection.close(closeCode.serviceRestart, fitting(reason));
  }

  async stop(): Promise<void> {
    if (this.#heartbeat) clearInterval(this.#heartbeat);
    const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()));
    for (const connection of this.#connections)
      connection.close(closeCode.goingAway, "this instance is stopping");
    const overdue = setTimeout(() => {
      for (const socket of this.#sockets.clients) socket.terminate();
    }, 1_000);
    this.#http.closeIdleConnections();
    await closed;
    clearTimeout(overdue);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    try {
      const { combined, names } = this.#admit(request.url ?? "/");
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) =>
        this.#opened(webSocket, combined, names),
      );
    } catch (error) {
      refuse(socket, toApiError(error));
    }
  }

  /** @throws ApiError when the connection cannot be what it asks to be */
  #admit(path: string): ConnectUrl {
    const refusal = this.#options.refusal();
    if (refusal !== null) throw apiError.notAccepting(refusal);
    const url = readConnectUrl(path);
    if (!url) throw new ApiError(404, -1000, `There is nothing here: ${HOW_TO_CONNECT}.`);
    for (const name of url.names) {
      const read = this.#options.readName(name);
      if ("unknown" in read) throw apiError.noSuchStream(read.unknown);
    }
    return url;
  }

  #opened(socket: WebSocket, combined: boolean, names: readonly string[]): void {
    const { audience, readName, limits, log } = this.#options;
    const connection = new Connection({
      ...{ socket, combined, audience, readName, limits },
      onSlow: (bytesBehind) => {
        metrics.consumersDropped.inc();
        log.warn({ bytesBehind }, "dropped a slow consumer");
      },
    });
    this.#connections.add(connection);
    metrics.connections.set(this.#connections.size);
    socket.once("close", () => {
      this.#connections.delete(connection);
      metrics.connections.set(this.#connections.size);
    });
    const problem = connection.subscribe(names);
    if (problem !== null) connection.close(closeCode.policyViolation, fitting(problem));
  }
}

/** Answers an upgrade in HTTP, which clients show as the reason why they could not connect. */
function refuse(socket: Duplex, error: ApiError): void {
  const body = JSON.stringify(error);
  socket.end(
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ""}\r\n` +
      `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** A close frame has room for 123 bytes. */
const fitting = (reason: string): string =>
  Buffer.from(reason)
    .subarray(0, 120)
    .toString()
    .replace(/\uFFFD+$/, "");
