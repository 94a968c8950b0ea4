import { randomBytes } from "node:crypto";
import type { MarketSymbol } from "@castle/services/kernel/domain/symbols.ts";
import { apiError } from "@castle/services/kernel/http/errors.ts";
import { accountOf, parametersOf } from "@castle/services/kernel/http/received.ts";
import { reply } from "@castle/services/kernel/http/reply.ts";
import type { Request, RequestHandler, Response } from "express";
import type { Acceptance } from "../accept.ts";
import type { Limits } from "../http/limits.ts";
import { ackResponse, cancelResponse, resultResponse } from "../queries/order-view.ts";
import { markRepeated, readIdempotencyKey } from "./idempotency-key.ts";
import { parseOrder, toPlaceOrder } from "./parse-order.ts";

export interface OrderRoutesOptions {
  readonly acceptance: Acceptance;
  readonly limits: Limits;
  readonly markets: readonly MarketSymbol[];
}

/** Binance's alphabet and length for ids that the exchange makes up. */
const newClientId = (): string => randomBytes(16).toString("base64url").replace(/[-_]/g, "x");

/** POST and DELETE /api/v3/order. Mounted behind {@link import("../http/access.ts").signed}. */
export const orderHandlers = (
  options: OrderRoutesOptions,
): { readonly place: RequestHandler; readonly cancel: RequestHandler } => ({
  place: (request, response) => place(options, request, response),
  cancel: (request, response) => cancel(options, request, response),
});

async function place(
  { acceptance, limits, markets }: OrderRoutesOptions,
  request: Request,
  response: Response,
) {
  const accountId = accountOf(response);
  const order = parseOrder(parametersOf(response), markets);
  limits.order(response, accountId);
  const placed = toPlaceOrder(order);
  const key = readIdempotencyKey(request);
  const intent = {
    stream: order.symbol.name,
    accountId,
    clientId: order.clientOrderId ?? newClientId(),
    command: { ...placed, ...key },
  };
  if (order.responseType === "ACK" && key.idempotencyKey === undefined) {
    reply(response, ackResponse({ ...intent, ...(await acceptance.accept(intent)) }));
    return;
  }
  const { outcome, repeated, seq, acceptedAt } = await acceptance.acceptWithOutcome(intent);
  if (repeated) markRepeated(response);
  if (order.responseType === "ACK") {
    // The first request's own id: this one may have been given another.
    reply(response, ackResponse({ stream: intent.stream, clientId: outcome.clientId, seq, acceptedAt }));
    return;
  }
  if (outcome.error) throw apiError.orderRejected(outcome.error.msg);
  reply(response, resultResponse(outcome, order.responseType, placed.quoteBudget));
}

async function cancel({ acceptance, markets }: OrderRoutesOptions, request: Request, response: Response) {
  const accountId = accountOf(response);
  const parameters = parametersOf(response);
  const symbol = parameters.symbol(markets);
  const orderId = parameters.optionalInteger("orderId");
  const origClientOrderId = parameters.optionalClientId("origClientOrderId");
  const clientId = parameters.optionalClientId("newClientOrderId") ?? newClientId();
  if (orderId === undefined && origClientOrderId === undefined)
    throw apiError.neitherSent("origClientOrderId", "orderId");
  const key = readIdempotencyKey(request);
  const { outcome, repeated } = await acceptance.acceptWithOutcome({
    stream: symbol.name,
    accountId,
    clientId,
    command:
      orderId === undefined
        ? { kind: "cancel-by-client-id", origClientOrderId: origClientOrderId ?? "", ...key }
        : { kind: "cancel", orderId, origClientOrderId: origClientOrderId ?? "", ...key },
  });
  if (repeated) markRepeated(response);
  if (outcome.error) throw apiError.cancelRejected(outcome.error.msg);
  reply(response, cancelResponse(outcome));
}
