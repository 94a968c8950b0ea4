import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { symbolNamed } from "@castle/services/kernel/domain/symbols.ts";
import { apiErrors } from "@castle/services/kernel/http/errors.ts";
import { readParameters, setAccount } from "@castle/services/kernel/http/received.ts";
import type { EngineRequests } from "@castle/services/order-gateway/engine/engine-requests.ts";
import * as queries from "@castle/services/order-gateway/queries/index.ts";
import express from "express";
import type { Knex } from "knex";
import { pino } from "pino";
import { SYMBOLS } from "../../support/active-cell.ts";

const PATIENCE_MS = 60_000;

export type Body = Record<string, unknown>;

export const rateLimits: readonly queries.RateLimit[] = [
  { rateLimitType: "ORDERS", interval: "SECOND", intervalNum: 10, limit: 100 },
];

/** The questions of the trading API over a real database and a real engine, with a header in place of authentication. */
export class QueryApi {
  readonly #server: Server;

  private constructor(db: Knex, engine: EngineRequests, sealKey: Buffer) {
    const markets = SYMBOLS.map(symbolNamed);
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
    app.get("/depth", queries.depth({ engine, markets }));
    app.get("/trades", queries.recentTrades({ db, markets }));
    app.get("/order", queries.queryOrder({ db, engine, markets }));
    app.get("/openOrders", queries.openOrders({ engine, markets }));
    app.get("/account", queries.account({ engine }));
    app.get("/myTrades", queries.myTrades({ db, engine, markets }));
    app
      .route("/userDataStream")
      .post(queries.openUserStream({ sealKey }))
      .put(queries.keepUserStream({ sealKey }))
      .delete(queries.closeUserStream({ sealKey }));
    app.use(apiErrors(pino({ level: "silent" })));
    this.#server = createServer(app).listen(0, "127.0.0.1");
  }

  static async listen(db: Knex, engine: EngineRequests, sealKey: Buffer): Promise<QueryApi> {
    const api = new QueryApi(db, engine, sealKey);
    await once(api.#server, "listening");
    return api;
  }

  /** What the call answers with 200, now or soon. @throws Error when it answers anything else */
  async get<T = Body>(path: string, account = 7): Promise<T> {
    const { status, body } = await this.#askUntilAnswered("GET", path, account);
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

  /** Status and code of a refusal that is not of the moment. */
  async refusal(path: string, { method = "GET", account = 7 } = {}): Promise<[number, unknown]> {
    const { status, body } = await this.#askUntilAnswered(method, path, account);
    return [status, (body as Body)["code"]];
  }

  /** "Nothing was executed, send again" is no answer: on a busy machine it means no more than that. */
  async #askUntilAnswered(method: string, path: string, account: number) {
    for (const until = performance.now() + PATIENCE_MS; ; ) {
      const answer = await this.ask(method, path, account);
      const isNone = answer.status === 503 && (answer.body as Body)["code"] === -1001;
      if (!isNone || performance.now() > until) return answer;
      await pause(20);
    }
  }

  close(): void {
    this.#server.close();
  }
}
