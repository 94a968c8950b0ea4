import { randomBytes } from "node:crypto";
import type { AcceptedCommand } from "@castle/services/kernel/domain/command.ts";
import type { MarketSymbol } from "@castle/services/kernel/domain/symbols.ts";
import { apiError } from "@castle/services/kernel/http/errors.ts";
import { accountOf, parametersOf } from "@castle/services/kernel/http/received.ts";
import type { Response, Router } from "express";
import client from "prom-client";
import type { Acceptance } from "../accept.ts";
import type { Limits } from "../http/limits.ts";
import type { OutcomeFeed } from "../outcome-feed.ts";
import { ackResponse, cancelResponse, resultResponse } from "../queries/order-view.ts";
import { marketBudget, needsBudget } from "./market-budget.ts";
import { parseOrder, toPlaceOrder } from "./parse-order.ts";

export interface OrderRoutesOptions {
  readonly acceptance: Acceptance;
  readonly outcomes: OutcomeFeed;
  readonly limits: Limits;
  readonly markets: readonly MarketSymbol[];
}

const matchedSeconds = new client.Histogram({
  name: "castle_matched_seconds",
  help: "From a command's being durable to its outcome's being told",
  buckets: [0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.25, 1],
});

/** How long an order that is durable waits for its match to be told. */
const MATCHED_WITHIN_MS = 3_000;

/** Binance's alphabet and length for ids that the exchange makes up. */
const newClientId = (): string => randomBytes(16).toString("base64url").replace(/[-_]/g, "x");

/** POST and DELETE /api/v3/order. Mounted behind {@link import("../http/access.ts").signed}. */
export function mountOrders(router: Router, options: OrderRoutesOptions): void {
  router.post("/api/v3/order", (_request, response) => place(options, response));
  router.delete("/api/v3/order", (_request, response) => cancel(options, response));
}

async function place({ acceptance, outcomes, limits, markets }: OrderRoutesOptions, response: Response) {
  const accountId = accountOf(response);
  const order = parseOrder(parametersOf(response), markets);
  limits.order(response, accountId);
  const budget = needsBudget(order) ? marketBudget(order, await outcomes.lastPrice(order.symbol.name)) : null;
  const placed = toPlaceOrder(order, budget);
  const { command } = await acceptance.accept({
    stream: order.symbol.name,
    accountId,
    clientId: order.clientOrderId ?? newClientId(),
    command: placed,
  });
  if (order.responseType === "ACK") {
    response.json(ackResponse(command));
    return;
  }
  const outcome = await matched(outcomes, command);
  if (outcome.error) throw apiError.orderRejected(outcome.error.msg);
  response.json(resultResponse(outcome, order.responseType, placed.quoteBudget));
}

async function cancel({ acceptance, outcomes, markets }: OrderRoutesOptions, response: Response) {
  const accountId = accountOf(response);
  const parameters = parametersOf(response);
  const symbol = parameters.symbol(markets);
  const orderId = parameters.optionalInteger("orderId");
  const origClientOrderId = parameters.optionalClientId("origClientOrderId");
  const clientId = parameters.optionalClientId("newClientOrderId") ?? newClientId();
  if (orderId === undefined && origClientOrderId === undefined)
    throw apiError.neitherSent("origClientOrderId", "orderId");
  const { command } = await acceptance.accept({
    stream: symbol.name,
    accountId,
    clientId,
    command:
      orderId === undefined
        ? { kind: "cancel-by-client-id", origClientOrderId: origClientOrderId ?? "" }
        : { kind: "cancel", orderId, origClientOrderId: origClientOrderId ?? "" },
  });
  const outcome = await matched(outcomes, command);
  if (outcome.error) throw apiError.cancelRejected(outcome.error.msg);
  response.json(cancelResponse(outcome));
}

async function matched(outcomes: OutcomeFeed, { stream, seq }: AcceptedCommand) {
  const done = matchedSeconds.startTimer();
  const outcome = await outcomes.outcome(stream, seq, MATCHED_WITHIN_MS);
  done();
  if (!outcome) throw apiError.resultLate();
  return outcome;
}
