import type { TraderAccount } from "@castle/lab/traders/requests.ts";
import express, { type Express, type Response } from "express";
import { readSigned, type SignedRequest } from "./signed-request.ts";
import type { ReferenceCommand } from "./two-databases.ts";

export interface EndpointAppOptions {
  readonly accounts: readonly TraderAccount[];
  /** Resolves when the command may be acknowledged. */
  readonly commit: (command: ReferenceCommand) => Promise<void>;
}

interface Order {
  readonly orderId: number;
  readonly parameters: URLSearchParams;
  open: boolean;
}

const BAD_SIGNATURE = { code: -1022, msg: "Signature for this request is not valid." };
const UNKNOWN_ORDER = { code: -2011, msg: "Unknown order sent." };
const NO_SUCH_ORDER = { code: -2013, msg: "Order does not exist." };

/**
 * As much of the trading API as the traders' requests need. Nothing is decided and nothing matched: orders are known
 * by their ids, so that they can be cancelled and asked for, and that is all.
 */
export function endpointApp({ accounts, commit }: EndpointAppOptions): Express {
  const byKey = new Map(accounts.map((account) => [account.apiKey, account]));
  const orders = new Map<string, Order>();
  const lastSeq = new Map<string, number>();

  const sequenced = (
    kind: ReferenceCommand["kind"],
    { account, parameters }: SignedRequest,
  ): ReferenceCommand => {
    const stream = parameters.get("symbol") ?? "";
    const seq = (lastSeq.get(stream) ?? 0) + 1;
    lastSeq.set(stream, seq);
    return {
      ...{ stream, seq, kind, accountId: account.accountId },
      clientId: parameters.get("newClientOrderId") ?? "",
      acceptedAt: Date.now(),
      body: JSON.stringify(Object.fromEntries(parameters)),
    };
  };
  const orderOf = ({ account, parameters }: SignedRequest, id: string): Order | undefined =>
    orders.get(`${account.accountId}/${parameters.get(id)}`);

  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false);
  const signed =
    (answer: (signed: SignedRequest, response: Response) => unknown) =>
    (request: express.Request, response: Response): unknown => {
      const read = readSigned(request, byKey);
      return read ? answer(read, response) : response.status(401).json(BAD_SIGNATURE);
    };

  app.post(
    "/api/v3/order",
    signed(async (request, response) => {
      const { account, parameters } = request;
      const order: Order = { orderId: orders.size + 1, parameters, open: true };
      orders.set(`${account.accountId}/${parameters.get("newClientOrderId")}`, order);
      await commit(sequenced("place", request));
      response.json(parameters.get("newOrderRespType") === "ACK" ? acknowledgement(order) : state(order));
    }),
  );
  app.delete(
    "/api/v3/order",
    signed(async (request, response) => {
      const order = orderOf(request, "origClientOrderId");
      if (!order?.open) return response.status(400).json(UNKNOWN_ORDER);
      order.open = false;
      await commit(sequenced("cancel", request));
      const clientOrderId = request.parameters.get("newClientOrderId");
      const origClientOrderId = request.parameters.get("origClientOrderId");
      return response.json({ ...state(order), clientOrderId, origClientOrderId });
    }),
  );
  app.get(
    "/api/v3/order",
    signed((request, response) => {
      const order = orderOf(request, "origClientOrderId");
      return order ? response.json(state(order)) : response.status(400).json(NO_SUCH_ORDER);
    }),
  );
  app.get(
    "/api/v3/account",
    signed((_request, response) => response.json({ balances: [] })),
  );
  app.get("/api/v3/depth", (_request, response) => {
    response.json({ lastUpdateId: orders.size, bids: [], asks: [] });
  });
  app.get("/api/v3/ping", (_request, response) => {
    response.json({});
  });
  return app;
}

const acknowledgement = ({ orderId, parameters }: Order) => ({
  symbol: parameters.get("symbol"),
  orderId,
  clientOrderId: parameters.get("newClientOrderId"),
  transactTime: Date.now(),
});

const state = (order: Order) => ({
  ...acknowledgement(order),
  price: order.parameters.get("price") ?? "0.00000000",
  origQty: order.parameters.get("quantity") ?? "0.00000000",
  executedQty: "0.00000000",
  cummulativeQuoteQty: "0.00000000",
  status: order.open ? "NEW" : "CANCELED",
  timeInForce: order.parameters.get("timeInForce") ?? "GTC",
  type: order.parameters.get("type"),
  side: order.parameters.get("side"),
});
