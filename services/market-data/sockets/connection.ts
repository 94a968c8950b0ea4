import type { RawData, WebSocket } from "ws";
import { invalid, type RequestProblem, readRequest, type StreamRequest } from "../wire/request.ts";
import type { NamedStream, ReadStreamName, Topic } from "../wire/stream-name.ts";
import type { Audience, Listener } from "./audience.ts";

export interface ConnectionLimits {
  /** Bytes that may wait to be read by the client before it is dropped. */
  readonly behind: number;
  readonly streams: number;
  readonly requestsPerSecond: number;
  /** A client that answers no ping for this long is gone. */
  readonly silentMs: number;
  readonly ageMs: number;
}

/** Binance's limits, but for `behind`, on which it says nothing. */
export const standardLimits: ConnectionLimits = {
  behind: 1_048_576,
  streams: 1_024,
  requestsPerSecond: 5,
  silentMs: 60_000,
  ageMs: 24 * 60 * 60_000,
};

export interface ConnectionOptions {
  readonly socket: WebSocket;
  readonly combined: boolean;
  readonly audience: Audience;
  readonly readName: ReadStreamName;
  readonly limits: ConnectionLimits;
  readonly onSlow: (bytesBehind: number) => void;
}

/** RFC 6455, section 7.4.1. */
export const closeCode = { goingAway: 1001, policyViolation: 1008, serviceRestart: 1012 } as const;

/** One client: its streams, its requests, and the end of it. */
export class Connection implements Listener {
  readonly combined: boolean;
  readonly #options: ConnectionOptions;
  readonly #streams = new Map<string, Topic>();
  readonly #openedAt = performance.now();
  #heardAt = performance.now();
  #window = { began: 0, requests: 0 };
  #ended = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.combined = options.combined;
    const { socket } = options;
    socket.on("message", (data, isBinary) => this.#asked(data, isBinary));
    socket.on("pong", () => {
      this.#heardAt = performance.now();
    });
    socket.on("close", () => this.#end());
    socket.on("error", () => this.#end()); // "close" follows; an unhandled "error" would end the process
  }

  /** All or none. @returns what is wrong, if something is */
  subscribe(names: readonly string[]): string | null {
    const { readName, limits, audience } = this.#options;
    const wanted: NamedStream[] = [];
    for (const name of names) {
      const read = readName(name);
      if ("unknown" in read) return read.unknown;
      wanted.push(read);
    }
    const all = new Set([...this.#streams.keys(), ...wanted.map(({ name }) => name)]);
    if (all.size > limits.streams) return `a connection may have ${limits.streams} streams, not ${all.size}`;
    for (const { name, topic } of wanted) {
      this.#streams.set(name, topic);
      audience.join(topic, this, name);
    }
    return null;
  }

  send(message: Buffer): void {
    if (this.#ended) return;
    const { socket, limits, onSlow } = this.#options;
    const behind = socket.bufferedAmount;
    if (behind <= limits.behind) socket.send(message, { binary: false });
    else {
      onSlow(behind);
      this.close(closeCode.policyViolation, `slow consumer: ${behind} bytes behind`);
    }
  }

  /** Nothing more is sent but the reason, behind what already waits. @param reason at most 123 bytes */
  close(code: number, reason: string): void {
    this.#end();
    this.#options.socket.close(code, reason);
  }

  /** Asks whether the client is there, and ends a connection that has lasted its time. */
  heartbeat(now = performance.now()): void {
    const { socket, limits } = this.#options;
    if (now - this.#heardAt > limits.silentMs) socket.terminate();
    else if (now - this.#openedAt > limits.ageMs) this.close(closeCode.goingAway, "connected for 24 hours");
    else if (!this.#ended) socket.ping();
  }

  #end(): void {
    this.#ended = true;
    for (const topic of this.#streams.values()) this.#options.audience.leave(topic, this);
    this.#streams.clear();
  }

  #asked(data: RawData, isBinary: boolean): void {
    const { socket, limits } = this.#options;
    if (this.#ended) return;
    if (this.#tooMany())
      this.close(closeCode.policyViolation, `more than ${limits.requestsPerSecond} requests in a second`);
    else {
      const request = isBinary ? invalid("expected a text message") : readRequest(String(data));
      socket.send(JSON.stringify("method" in request ? this.#answer(request) : request));
    }
  }

  #answer(request: StreamRequest): { result: null | string[]; id: StreamRequest["id"] } | RequestProblem {
    const { id, method } = request;
    switch (method) {
      case "LIST_SUBSCRIPTIONS":
        return { result: [...this.#streams.keys()], id };
      case "SUBSCRIBE": {
        const problem = this.subscribe(request.params);
        return problem === null ? { result: null, id } : invalid(problem, id);
      }
      case "UNSUBSCRIBE":
        for (const name of request.params) this.#unsubscribe(name);
        return { result: null, id };
      default:
        return method satisfies never;
    }
  }

  #unsubscribe(name: string): void {
    const topic = this.#streams.get(name);
    if (topic === undefined) return;
    this.#streams.delete(name);
    this.#options.audience.leave(topic, this);
  }

  #tooMany(): boolean {
    const now = performance.now();
    if (now - this.#window.began > 1_000) this.#window = { began: now, requests: 0 };
    this.#window.requests++;
    return this.#window.requests > this.#options.limits.requestsPerSecond;
  }
}
