import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { StreamId } from "@castle/services/kernel/domain/command.ts";
import { symbolNamed } from "@castle/services/kernel/domain/symbols.ts";
import { apiErrors } from "@castle/services/kernel/http/errors.ts";
import { readParameters, setAccount } from "@castle/services/kernel/http/received.ts";
import * as queries from "@castle/services/order-gateway/queries/index.ts";
import express from "express";
import type { Knex } from "knex";
import { pino } from "pino";

export type Body = Record<string, unknown>;

export const rateLimits: readonly queries.RateLimit[] = [
  { rateLimitType: "ORDERS", interval: "SECOND", intervalNum: 10, limit: 100 },
];

/** The questions of the trading API over a real database, with a header in place of authentication. */
export class QueryApi {
  /** How far each stream is durable; what is not named is durable to its end. */
  readonly marks = new Map<StreamId, number>();
  readonly #server: Server;

  private constructor(db: Knex, sealKey: Buffer) {
    const markets = ["BTCUSDT", "ETHUSDT"].map(symbolNamed);
    const toldUpTo = (stream: StreamId): number => this.marks.get(stream) ?? Number.MAX_SAFE_INTEGER;
    const app = express();
    app.use(...readParameters(), (request, response, next) => {
      setAccount(response, Number(request.get("test-account") ?? 7));
      next();
    });
    app.get("/ping", queries.ping());
    app.get(
      "/time",
      queries.serverTime(() => 1_234),
    );
    app.get("/exchangeInfo", queries.exchangeInfo({ markets, rateLimits, now: () => 1_234 }));
    app.get("/depth", queries.depth({ db, markets }));
    app.get("/trades", queries.recentTrades({ db, markets }));
    app.get("/order", queries.queryOrder({ db, markets, durable: (stream, seq) => seq <= toldUpTo(stream) }));
    app.get("/openOrders", queries.openOrders({ db, markets }));
    app.get("/account", queries.account({ db, streams: ["BTCUSDT", "ETHUSDT"], toldUpTo }));
    app.get("/myTrades", queries.myTrades({ db, markets }));
    app
      .route("/userDataStream")
      .post(queries.openUserStream({ sealKey }))
      .put(queries.keepUserStream({ sealKey }))
      .delete(queries.closeUserStream({ sealKey }));
    app.use(apiErrors(pino({ level: "silent" })));
    this.#server = createServer(app).listen(0, "127.0.0.1");
  }

  static async listen(db: Knex, sealKey: Buffer): Promise<QueryApi> {
    const api = new QueryApi(db, sealKey);
    await once(api.#server, "listening");
    return api;
  }

  /** What the call answers with 200. @throws Error when it answers anything else */
  async get<T = Body>(path: string, account = 7): Promise<T> {
    const { status, body } = await this.ask("GET", path, account);
    if (status !== 200) throw new Error(`${path} answered ${status} ${JSON.stringify(body)}`);
    return body as T;
  }

  async ask(method: string, path: string, account = 7): Promise<{ status: number; body: unknown }> {
    const { port } = this.#server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { "test-account": String(account) },
    });
    return { status: response.status, body: await response.json() };
  }

  /** Status and code of a refusal. */
  async refusal(path: string, { method = "GET", account = 7 } = {}): Promise<[number, unknown]> {
    const { status, body } = await this.ask(method, path, account);
    return [status, (body as Body)["code"]];
  }

  close(): void {
    this.#server.close();
  }
}
