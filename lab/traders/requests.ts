import { signQuery } from "@castle/services/kernel/http/signature.ts";
import type { Intent } from "./intent.ts";

/** Who trades: what openAccounts gives. */
export interface TraderAccount {
  readonly accountId: number;
  readonly apiKey: string;
  readonly secret: string;
}

/** A request as it goes out. */
export interface WireRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  /** null for what anybody may ask. */
  readonly apiKey: string | null;
}

export interface Signing {
  readonly account: TraderAccount;
  /** When the request is sent: whole milliseconds since 1970. */
  readonly timestamp: number;
  readonly recvWindow: number;
}

const ORDER = "/api/v3/order";
export const DEPTH_LIMIT = 1_000;

/** The request of an intent, signed for the moment of sending. A request sent again is signed again. */
export function requestFor(intent: Intent, signing: Signing): WireRequest {
  switch (intent.kind) {
    case "place":
      return signed("POST", ORDER, signing, {
        symbol: intent.symbol,
        side: intent.side,
        type: intent.type,
        timeInForce: intent.timeInForce,
        price: intent.price,
        quantity: intent.quantity,
        quoteOrderQty: intent.quoteOrderQty,
        newClientOrderId: intent.clientOrderId,
        newOrderRespType: intent.answer,
      });
    case "cancel":
      return signed("DELETE", ORDER, signing, {
        symbol: intent.symbol,
        origClientOrderId: intent.origClientOrderId,
        newClientOrderId: intent.clientOrderId,
      });
    case "query-order":
      return orderQuery(intent.symbol, intent.origClientOrderId, signing);
    case "depth":
      return depthSnapshot(intent.symbol);
    case "account":
      return signed("GET", "/api/v3/account", signing, {});
    default:
      return intent satisfies never;
  }
}

/** Asks for an order by the client order id it was placed under. */
export const orderQuery = (symbol: string, origClientOrderId: string, signing: Signing): WireRequest =>
  signed("GET", ORDER, signing, { symbol, origClientOrderId });

export const depthSnapshot = (symbol: string): WireRequest => ({
  method: "GET",
  path: `/api/v3/depth?symbol=${symbol}&limit=${DEPTH_LIMIT}`,
  apiKey: null,
});

/** Opens the account's user stream. */
export const listenKeyRequest = (account: TraderAccount): WireRequest => ({
  method: "POST",
  path: "/api/v3/userDataStream",
  apiKey: account.apiKey,
});

function signed(
  method: WireRequest["method"],
  path: string,
  { account, timestamp, recvWindow }: Signing,
  parameters: Readonly<Record<string, string | null>>,
): WireRequest {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== null) query.set(name, value);
  query.set("recvWindow", String(recvWindow));
  query.set("timestamp", String(timestamp));
  return { method, path: `${path}?${signQuery(account.secret, query)}`, apiKey: account.apiKey };
}
