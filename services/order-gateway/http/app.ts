import type { CellConfig } from "@castle/services/kernel/config.ts";
import { apiErrors, noSuchEndpoint } from "@castle/services/kernel/http/errors.ts";
import { readParameters } from "@castle/services/kernel/http/received.ts";
import type { Logger } from "@castle/services/kernel/log.ts";
import express, { type Express } from "express";
import helmet, { type HelmetOptions } from "helmet";
import type { Knex } from "knex";
import type { Acceptance } from "../accept.ts";
import type { AccountDirectory } from "../accounts/directory.ts";
import type { GatewayRole } from "../authority/gateway-role.ts";
import { mountOrders } from "../orders/routes.ts";
import type { OutcomeFeed } from "../outcome-feed.ts";
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
  readonly role: GatewayRole;
  readonly acceptance: Acceptance;
  readonly accounts: AccountDirectory;
  readonly outcomes: OutcomeFeed;
  readonly log: Logger;
}

/** The trading API, `/api/v3`: who may ask what, in the order in which it is checked. */
export function createApp(options: AppOptions): Express {
  const { config, db, role, acceptance, accounts, outcomes, log } = options;
  const markets = config.symbols;
  const limits = new Limits();

  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false);
  app.use("/api/v3/order", countAnswers());
  app.use(helmet(headersOfAnApi), identify(config.region, role), ...readParameters());

  app.get("/api/v3/ping", weigh(limits, 1), queries.ping());
  app.get("/api/v3/time", weigh(limits, 1), queries.serverTime());
  app.get("/api/v3/exchangeInfo", weigh(limits, 20), queries.exchangeInfo({ markets, rateLimits }));

  app.use(onlyActive(role));
  app.get("/api/v3/depth", weigh(limits, 5), queries.depth({ db, markets }));
  app.get("/api/v3/trades", weigh(limits, 25), queries.recentTrades({ db, markets }));

  const userStream = { sealKey: config.sealKey };
  app
    .route("/api/v3/userDataStream")
    .all(weigh(limits, 2), keyed(accounts))
    .post(queries.openUserStream(userStream))
    .put(queries.keepUserStream(userStream))
    .delete(queries.closeUserStream(userStream));

  const sign = signed(accounts);
  app.get("/api/v3/openOrders", weigh(limits, 6), sign, queries.openOrders({ db, markets }));
  app.get(
    "/api/v3/account",
    weigh(limits, 20),
    sign,
    queries.account({ db, streams: markets.map((market) => market.name), toldUpTo }),
  );
  app.get("/api/v3/myTrades", weigh(limits, 20), sign, queries.myTrades({ db, markets }));
  app.use("/api/v3/order", weigh(limits, 1), sign);
  app.get("/api/v3/order", queries.queryOrder({ db, markets, durable }));
  mountOrders(app, { acceptance, outcomes, limits, markets });

  app.use(noSuchEndpoint);
  app.use(apiErrors(log));
  return app;

  function toldUpTo(stream: string): number {
    return role.reign?.marks.of(stream) ?? 0;
  }

  function durable(stream: string, seq: number): Promise<boolean> | boolean {
    return role.reign?.durable(stream, seq) ?? false;
  }
}
