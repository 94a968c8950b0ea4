import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { signature } from "@castle/services/kernel/http/signature.ts";
import { WebSocket, WebSocketServer } from "ws";

/** What the stub did with one request. */
export interface Seen {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly parameters: URLSearchParams;
  readonly apiKey: string | null;
  /** Numbers the connection it came on. */
  readonly connection: number;
}

export interface StubAnswer {
  readonly status: number;
  readonly body: object;
  /** Milliseconds until it answers. */
  readonly after?: number;
}

/**
 * `hang-up`: closes the connection and does nothing. `lost-answer`: does what was asked, and closes the connection.
 * `silence`: does nothing and never answers. `freeze`: does nothing until {@link StubExchange.thaw}, then all it should.
 */
export type Misbehaviour = "hang-up" | "lost-answer" | "silence" | "freeze" | StubAnswer;

interface StubOrder {
  readonly orderId: number;
  readonly clientOrderId: string;
  readonly parameters: URLSearchParams;
  status: "NEW" | "CANCELED";
}

/**
 * A trading API of a few lines that matches nothing: what the load generator is tested against. Tests make it
 * misbehave, and look at what it was sent.
 */
export class StubExchange {
  readonly seen: Seen[] = [];
  /** Decides per request; null answers as it should be. */
  misbehave: (seen: Seen) => Misbehaviour | null = () => null;
  epoch = 1;
  readonly #secrets: ReadonlyMap<string, string>;
  readonly #server: Server;
  readonly #streams = new WebSocketServer({ noServer: true });
  readonly #orders = new Map<string, StubOrder>();
  readonly #connections = new Map<Socket, number>();
  readonly #streamPaths = new Map<WebSocket, string>();
  readonly #frozen: (() => void)[] = [];
  #seq = 0;

  private constructor(secrets: ReadonlyMap<string, string>) {
    this.#secrets = secrets;
    this.#server = createServer((request, response) => this.#handle(request, response));
    this.#server.on("connection", (socket) => this.#connections.set(socket, this.#connections.size));
    this.#server.on("upgrade", (request, socket, head) =>
      this.#streams.handleUpgrade(request, socket, head, (webSocket) =>
        this.#streamPaths.set(webSocket, request.url ?? ""),
      ),
    );
  }

  static async start(accounts: readonly { apiKey: string; secret: string }[]): Promise<StubExchange> {
    const stub = new StubExchange(new Map(accounts.map(({ apiKey, secret }) => [apiKey, secret])));
    await new Promise<void>((resolve) => stub.#server.listen(0, "127.0.0.1", resolve));
    return stub;
  }

  get edge(): { api: string; stream: string } {
    const { port } = this.#server.address() as AddressInfo;
    return { api: `http://127.0.0.1:${port}`, stream: `ws://127.0.0.1:${port}` };
  }

  /** How many connections were ever made to it: the next one has this number. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Commands that it has executed. */
  get executed(): number {
    return this.#seq;
  }

  /** Sends a message to every stream connection whose path ends so. */
  tell(pathEnd: string, message: string | object): number {
    let told = 0;
    for (const client of this.#streams.clients) {
      if (!this.#streamPaths.get(client)?.endsWith(pathEnd)) continue;
      client.send(typeof message === "string" ? message : JSON.stringify(message));
      told += 1;
    }
    return told;
  }

  /** Does and answers what came while it was frozen. */
  thaw(): void {
    for (const proceed of this.#frozen.splice(0)) proceed();
  }

  dropStreams(): void {
    for (const client of this.#streams.clients) client.terminate();
  }

  async stop(): Promise<void> {
    this.dropStreams();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Resolves with the paths of the streams once `count` are connected. */
  async streams(count: number): Promise<string[]> {
    const open = (): WebSocket[] =>
      [...this.#streams.clients].filter(({ readyState }) => readyState === WebSocket.OPEN);
    while (open().length < count) await new Promise((resolve) => setTimeout(resolve, 10));
    return open().map((client) => this.#streamPaths.get(client) ?? "");
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const [path = "", query = ""] = (request.url ?? "").split("?");
    const parameters = new URLSearchParams(query);
    const key = request.headers["x-mbx-apikey"];
    const seen: Seen = {
      at: Date.now(),
      method: request.method ?? "",
      path,
      parameters,
      apiKey: typeof key === "string" ? key : null,
      connection: this.#connections.get(request.socket) ?? -1,
    };
    this.seen.push(seen);
    const wrong = this.misbehave(seen);
    if (wrong === "silence") return;
    if (wrong === "freeze") this.#frozen.push(() => this.#proceed(seen, query, request, response, null));
    else this.#proceed(seen, query, request, response, wrong);
  }

  #proceed(
    seen: Seen,
    query: string,
    request: IncomingMessage,
    response: ServerResponse,
    wrong: "hang-up" | "lost-answer" | StubAnswer | null,
  ): void {
    const { status, body, after } =
      typeof wrong === "object" && wrong !== null
        ? wrong
        : wrong === "hang-up"
          ? refused
          : this.#answer(seen, query);
    if (wrong === "hang-up" || wrong === "lost-answer") {
      request.socket.destroy();
      return;
    }
    const answer = (): void => {
      response.writeHead(status, {
        "content-type": "application/json",
        "X-Castle-Region": "eu-west-1",
        "X-Castle-Epoch": String(this.epoch),
      });
      response.end(JSON.stringify(body));
    };
    if (after === undefined) answer();
    else setTimeout(answer, after);
  }

  #answer(seen: Seen, query: string): StubAnswer {
    if (seen.path === "/api/v3/depth")
      return {
        status: 200,
        body: { lastUpdateId: this.#seq, bids: [["1.00000000", "2.00000000"]], asks: [] },
      };
    if (seen.path === "/api/v3/userDataStream")
      return { status: 200, body: { listenKey: `key-of-${seen.apiKey}` } };
    const secret = this.#secrets.get(seen.apiKey ?? "") ?? "";
    const [text = "", given] = query.split("&signature=");
    if (signature(secret, text) !== given)
      return { status: 400, body: { code: -1022, msg: "bad signature" } };
    if (seen.path === "/api/v3/account") return { status: 200, body: { balances: [] } };
    return this.#order(seen);
  }

  #order({ method, parameters, apiKey }: Seen): StubAnswer {
    const at = (name: string): string => `${apiKey}/${parameters.get(name)}`;
    if (method === "POST") {
      const clientOrderId = parameters.get("newClientOrderId") ?? "";
      const known = this.#orders.get(at("newClientOrderId"));
      const order: StubOrder = known ?? { orderId: ++this.#seq, clientOrderId, parameters, status: "NEW" };
      this.#orders.set(at("newClientOrderId"), order);
      const bare = { symbol: parameters.get("symbol"), orderId: order.orderId, clientOrderId };
      return { status: 200, body: parameters.get("newOrderRespType") === "ACK" ? bare : view(order) };
    }
    const order = this.#orders.get(at("origClientOrderId"));
    if (method === "GET")
      return order ? { status: 200, body: view(order) } : { status: 400, body: { code: -2013, msg: "no" } };
    if (order?.status !== "NEW") return { status: 400, body: { code: -2011, msg: "Unknown order sent." } };
    this.#seq += 1;
    order.status = "CANCELED";
    const { clientOrderId } = order;
    return {
      status: 200,
      body: {
        ...view(order),
        origClientOrderId: clientOrderId,
        clientOrderId: parameters.get("newClientOrderId"),
      },
    };
  }
}

const refused: StubAnswer = { status: 0, body: {} };

const view = ({ orderId, clientOrderId, parameters, status }: StubOrder): object => ({
  symbol: parameters.get("symbol"),
  orderId,
  clientOrderId,
  status,
  side: parameters.get("side"),
  price: parameters.get("price") ?? "0.00000000",
  origQty: parameters.get("quantity") ?? "0.00000000",
  executedQty: "0.00000000",
  cummulativeQuoteQty: "0.00000000",
});
