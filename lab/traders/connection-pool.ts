import { Agent, type IncomingMessage, request } from "node:http";
import { now } from "./clock.ts";
import type { Attempt, Reply } from "./reply.ts";
import type { WireRequest } from "./requests.ts";

export interface ConnectionPoolOptions {
  /** Base address of the trading API, such as `http://127.0.0.1:8080`. */
  readonly api: string;
  /** Connections at most; one request at a time on each. */
  readonly connections: number;
  /** Requests under way at most; with fewer than connections, some of these are always idle. */
  readonly atOnce: number;
  /** How long a request may wait for a free connection. */
  readonly waitMs: number;
  /** How long an answer may take once the request is on a connection, which is given up then. */
  readonly timeoutMs: number;
  /** How long nothing is sent after a cell said that it does not accept. */
  readonly pauseMs: number;
}

interface Waiting {
  /** Builds the request when it is sent, so that its timestamp is of that moment. */
  readonly build: () => WireRequest;
  readonly until: number;
  readonly settle: (attempt: Attempt) => void;
}

/** How exactly the limits of time are kept, as a share of them. */
const SWEEPS_A_TIMEOUT = 40;
const PING: WireRequest = { method: "GET", path: "/api/v3/ping", apiKey: null };

/**
 * Keep-alive connections to the edge. Waiting for a connection and waiting for an answer have limits of their own: with
 * one for both, requests would get a connection just before their time ran out, and be given up for ever after.
 */
export class ConnectionPool {
  readonly #options: ConnectionPoolOptions;
  readonly #host: string;
  readonly #port: string;
  readonly #agent: Agent;
  readonly #waiting: Waiting[] = [];
  /** What is under way, oldest first, with the moment it is given up. */
  readonly #underWay = new Map<() => void, number>();
  readonly #sweep: NodeJS.Timeout;
  #paused: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: ConnectionPoolOptions) {
    this.#options = options;
    const { hostname, port } = new URL(options.api);
    this.#host = hostname;
    this.#port = port;
    // In turn, not the newest first: the load then stays spread over every gateway behind the edge.
    this.#agent = new Agent({ keepAlive: true, maxSockets: options.connections, scheduling: "fifo" });
    this.#sweep = setInterval(() => this.#giveUpLate(), options.timeoutMs / SWEEPS_A_TIMEOUT);
  }

  /** Opens every connection before it is needed. Resolves when each has carried an answer, or failed to. */
  async warm(): Promise<void> {
    const pings = Array.from(
      { length: this.#options.connections },
      () => new Promise<Attempt>((settle) => this.#exchange({ build: () => PING, until: 0, settle })),
    );
    await Promise.all(pings);
  }

  /** Sends a request as soon as a connection is free. Never rejects. */
  send(build: () => WireRequest): Promise<Attempt> {
    return new Promise((settle) => {
      if (this.#closed) return settle({ kind: "not-sent", because: "the traders stopped" });
      this.#waiting.push({ build, until: now() + this.#options.waitMs, settle });
      this.#next();
    });
  }

  /** Gives up everything and closes every connection. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#sweep);
    if (this.#paused) clearTimeout(this.#paused);
    for (const waiting of this.#waiting.splice(0))
      waiting.settle({ kind: "not-sent", because: "the traders stopped" });
    for (const giveUp of [...this.#underWay.keys()]) giveUp();
    this.#agent.destroy();
  }

  #next(): void {
    while (!this.#paused && this.#underWay.size < this.#options.atOnce) {
      const waiting = this.#waiting.shift();
      if (!waiting) return;
      this.#exchange(waiting);
    }
  }

  #exchange({ build, settle }: Waiting): void {
    const { method, path, apiKey } = build();
    const outgoing = request({
      agent: this.#agent,
      host: this.#host,
      port: this.#port,
      method,
      path,
      headers: apiKey === null ? {} : { "X-MBX-APIKEY": apiKey },
    });
    let settled = false;
    const finish = (attempt: Attempt): void => {
      if (settled) return;
      settled = true;
      this.#underWay.delete(giveUp);
      settle(attempt);
      this.#next();
    };
    const giveUp = (): void => {
      finish({ kind: "unanswered", because: "no answer in time" });
      outgoing.destroy();
    };
    this.#underWay.set(giveUp, now() + this.#options.timeoutMs);
    outgoing.on("error", (error) => finish(failed(error)));
    outgoing.on("response", (incoming) => {
      // Taken now: once the answer has been read, Node has parted the two.
      const { socket } = incoming;
      read(incoming, (reply) => {
        // This cell does not accept, or does not know: an established connection would lead back to it.
        if (reply.status === 503) {
          socket.destroy();
          this.#pause();
        }
        finish({ kind: "answered", reply });
      });
      incoming.on("error", (error) => finish({ kind: "unanswered", because: error.message }));
      incoming.on("close", () => finish({ kind: "unanswered", because: "the connection closed mid-answer" }));
    });
    outgoing.end();
  }

  #pause(): void {
    if (this.#paused || this.#options.pauseMs === 0) return;
    this.#paused = setTimeout(() => {
      this.#paused = null;
      this.#next();
    }, this.#options.pauseMs);
  }

  #giveUpLate(): void {
    const at = now();
    for (const [giveUp, until] of this.#underWay) {
      if (until > at) break;
      giveUp();
    }
    while (this.#waiting[0] && this.#waiting[0].until <= at)
      this.#waiting.shift()?.settle({ kind: "not-sent", because: "no connection came free in time" });
  }
}

/** Refused connections never carried anything; every other failure may have come after the request left. */
function failed(error: NodeJS.ErrnoException): Attempt {
  if (error.code === "ECONNREFUSED") return { kind: "not-sent", because: error.code };
  return { kind: "unanswered", because: error.code ?? error.message };
}

function read(incoming: IncomingMessage, done: (reply: Reply) => void): void {
  let body = "";
  incoming.setEncoding("utf8");
  incoming.on("data", (chunk: string) => {
    body += chunk;
  });
  incoming.on("end", () => {
    const { "x-castle-region": region, "x-castle-epoch": epoch } = incoming.headers;
    done({
      status: incoming.statusCode ?? 0,
      body,
      region: typeof region === "string" ? region : null,
      epoch: typeof epoch === "string" ? Number(epoch) : null,
    });
  });
}
