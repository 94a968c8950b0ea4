import type { AddressInfo } from "node:net";
import express from "express";
import client from "prom-client";
import type { CellConfig } from "../config.ts";
import { apiErrors, noSuchEndpoint } from "../http/errors.ts";
import type { Logger } from "../log.ts";

/** An answer to "are you …?": yes or no, and what an operator wants to know about it. */
export interface Check {
  readonly ok: boolean;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface InternalServerOptions {
  readonly config: CellConfig;
  readonly log: Logger;
  /** Can the service do its work when asked (dependencies reachable)? True in a healthy standby. */
  readonly ready: () => Check | Promise<Check>;
  /** Does this cell hold the epoch and accept? What the edge steers by: true in one cell at most. */
  readonly active: () => Check;
  /** Further calls from inside the cell. */
  readonly routes?: (router: express.Router) => void;
}

/** Health, metrics and internal calls, on a port that nothing outside the cell reaches. */
export async function serveInternal(
  options: InternalServerOptions,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const { config } = options;
  const app = express();
  app.disable("x-powered-by");
  const identity = { service: config.service, instance: config.instance, region: config.region };
  const answer = (response: express.Response, check: Check): void => {
    response.status(check.ok ? 200 : 503).json({ ok: check.ok, ...identity, ...check.detail });
  };
  app.get("/healthz/live", (_request, response) => answer(response, { ok: true, detail: {} }));
  app.get("/healthz/ready", async (_request, response) => answer(response, await options.ready()));
  app.get("/healthz/active", (_request, response) => answer(response, options.active()));
  app.get("/metrics", async (_request, response) => {
    response.type(client.register.contentType).send(await client.register.metrics());
  });
  options.routes?.(app);
  app.use(noSuchEndpoint);
  app.use(apiErrors(options.log));

  const server = app.listen(config.internalPort, config.host);
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", reject);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
