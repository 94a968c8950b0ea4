import { connect, type TLSSocket } from "node:tls";
import { until } from "@castle/lab/processes/until.ts";
import { formatIdentity, LINE_TLS, lineKey } from "@castle/services/kernel/line/credentials.ts";
import { dial } from "@castle/services/kernel/line/dial.ts";
import type { LineLimits } from "@castle/services/kernel/line/limits.ts";
import type { Line, LineHandlers } from "@castle/services/kernel/line/line.ts";
import { LineServer } from "@castle/services/kernel/line/line-server.ts";
import { WireTap } from "./wire-tap.ts";

export const SEAL_KEY = Buffer.alloc(32, 1);
export const GATEWAY = { service: "order-gateway", instance: "eu-west-1.0" } as const;
const HOST = "127.0.0.1";

/** One end of a line, with what it heard. */
export class LineEnd implements LineHandlers {
  readonly messages: string[] = [];
  readonly closings: string[] = [];
  #line: Line | null = null;

  get line(): Line {
    if (this.#line === null) throw new Error("there is no line yet");
    return this.#line;
  }

  set line(line: Line) {
    this.#line = line;
  }

  onMessage(message: string): void {
    this.messages.push(message);
  }

  onClose(because: string): void {
    this.closings.push(because);
  }

  hears(count: number): Promise<void> {
    const what = () => `${count} messages, of which ${this.messages.length} came`;
    return until(() => this.messages.length >= count, { what, withinMs: 10_000, everyMs: 5 });
  }

  closes(): Promise<void> {
    return until(() => this.closings.length > 0, { what: "the line to close", withinMs: 10_000, everyMs: 5 });
  }
}

/** A line on real sockets, through a tap on its wire. */
export class LinePair {
  readonly server: LineServer;
  readonly tap: WireTap;
  /** Of the server. */
  readonly engine: LineEnd;
  /** Of the client. */
  readonly gateway: LineEnd;

  static async connect(
    limits: { readonly server?: Partial<LineLimits>; readonly client?: Partial<LineLimits> } = {},
  ): Promise<LinePair> {
    const engine = new LineEnd();
    const server = await listen({ engine, limits: limits.server });
    const tap = await WireTap.open(server.port);
    const gateway = new LineEnd();
    gateway.line = await dial(`${HOST}:${tap.port}`, {
      sealKey: SEAL_KEY,
      identity: GATEWAY,
      handlers: gateway,
      connectWithinMs: 10_000,
      limits: limits.client ?? {},
    });
    await until(() => server.lines.size === 1, { what: "the server's line", withinMs: 10_000, everyMs: 5 });
    return new LinePair(server, tap, engine, gateway);
  }

  private constructor(server: LineServer, tap: WireTap, engine: LineEnd, gateway: LineEnd) {
    this.server = server;
    this.tap = tap;
    this.engine = engine;
    this.gateway = gateway;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.gateway.line.close("the test is over");
    await this.server.close();
    await this.tap.close();
  }
}

interface Listening {
  readonly engine: LineEnd;
  readonly limits?: Partial<LineLimits> | undefined;
}

export const listen = ({ engine, limits = {} }: Listening): Promise<LineServer> =>
  LineServer.listen({
    host: HOST,
    port: 0,
    sealKey: SEAL_KEY,
    limits,
    accept: (line) => {
      engine.line = line;
      return engine;
    },
  });

/** A client with the right key whose bytes the test chooses. */
export function connectRaw(port: number, identity: string = formatIdentity(GATEWAY)): TLSSocket {
  const psk = lineKey(SEAL_KEY);
  return connect({
    ...LINE_TLS,
    host: HOST,
    port,
    pskCallback: () => ({ identity, psk }),
    checkServerIdentity: () => undefined,
  });
}
