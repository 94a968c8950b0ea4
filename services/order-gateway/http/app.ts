import type { CellConfig } from "@castle/services/kernel/config.ts";
import { apiErrors, noSuchEndpoint } from "@castle/services/kernel/http/errors.ts";
import { readParameters } from "@castle/services/kernel/http/received.ts";
import type { Logger } from "@castle/services/kernel/log.ts";
import express, { type Express } from "express";
import helmet, { type HelmetOptions } from "helmet";
import type { Knex } from "knex";
import type { Acceptance } from "../accept.ts";
import type { AccountDirectory } from "../accounts/directory.ts";
import type { CellAuthority } from "../cell-authority.ts";
import type { EngineRequests } from "../engine/engine-requests.ts";
import { orderHandlers } from "../orders/routes.ts";
import * as queries from "../queries/index.ts";
import { identify, keyed, onlyActive, signed, weigh } from "./access.ts";
import { countAnswers } from "./answers.ts";
import { Limits, rateLimits } from "./limits.ts";

/** Nothing here is ever rendered: what helmet says to pages would only lengthen every answer. */
const headersOfAnApi: HelmetOptions = {
  contentSecurityPolicy: false,
  crossOriginOpenerPolicy: false,
  crossOriginResourcePolicy: false,
  originAgentCluster: false,
  referrerPolicy: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xFrameOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
};

export interface AppOptions {
  readonly config: CellConfig;
  readonly db: Knex;
  readonly authority: CellAuthority;
  readonly engine: EngineRequests;
  readonly acceptance: Acceptance;
  readonly accounts: AccountDirectory;
  readonly log: Logger;
}

/** The trading API, `/api/v3`: who may ask what, in the order in which it is checked. */
export function createApp(options: AppOptions): Express {
  const { config, db, authority, engine, acceptance, accounts, log } = options;
  const markets = config.symbols;
  const limits = new Limits();

  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false);
  app.use("/api/v3/order", countAnswers());
  app.use(helmet(headersOfAnApi), identify(config.region, authority), ...readParameters());

  const active = onlyActive(authority);
  const sign = signed(accounts);
  // First, since each route that a request passes by costs a comparison.
  const orders = orderHandlers({ acceptance, limits, markets });
  app
    .route("/api/v3/order")
    .all(active, weigh(limits, 1), sign)
    .post(orders.place)
    .delete(orders.cancel)
    .get(queries.queryOrder({ db, engine, markets }));

  app.get("/api/v3/ping", weigh(limits, 1), queries.ping());
  app.get("/api/v3/time", weigh(limits, 1), queries.serverTime());
  app.get("/api/v3/exchangeInfo", weigh(limits, 20), queries.exchangeInfo({ markets, rateLimits }));

  app.use(active);
  app.get("/api/v3/depth", weigh(limits, 5), queries.depth({ engine, markets }));
  app.get("/api/v3/trades", weigh(limits, 25), queries.recentTrades({ db, markets }));

  const userStream = { sealKey: config.sealKey };
  app
    .route("/api/v3/userDataStream")
    .all(weigh(limits, 2), keyed(accounts))
    .post(queries.openUserStream(userStream))
    .put(queries.keepUserStream(userStream))
    .delete(queries.closeUserStream(userStream));

  app.get("/api/v3/openOrders", weigh(limits, 6), sign, queries.openOrders({ engine, markets }));
  app.get("/api/v3/account", weigh(limits, 20), sign, queries.account({ engine }));
  app.get("/api/v3/myTrades", weigh(limits, 20), sign, queries.myTrades({ db, engine, markets }));

  app.use(noSuchEndpoint);
  app.use(apiErrors(log));
  return app;
}
