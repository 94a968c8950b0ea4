/** A request over an open connection. Source: Binance Spot API, "Live Subscribing/Unsubscribing to streams". */
export type StreamRequest =
  | {
      readonly method: "SUBSCRIBE" | "UNSUBSCRIBE";
      readonly params: readonly string[];
      readonly id: RequestId;
    }
  | { readonly method: "LIST_SUBSCRIPTIONS"; readonly id: RequestId };

export type RequestId = number | string | null;

/** What is wrong with a request; `id` where one could be read. Codes as Binance: 2 invalid request, 3 invalid JSON. */
export interface RequestProblem {
  readonly code: 2 | 3;
  readonly msg: string;
  readonly id?: RequestId;
}

const LONGEST_ID = 36;

export function readRequest(text: string): StreamRequest | RequestProblem {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return { code: 3, msg: `Invalid JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    return invalid('expected an object such as {"method":"SUBSCRIBE","params":[…],"id":1}');
  const { method, params, id = null } = parsed as { method?: unknown; params?: unknown; id?: unknown };
  if (!isRequestId(id))
    return invalid(`request ID must be an integer, a string of up to ${LONGEST_ID} characters, or null`);
  switch (method) {
    case "LIST_SUBSCRIPTIONS":
      return { method, id };
    case "SUBSCRIBE":
    case "UNSUBSCRIBE":
      if (!isNames(params)) return invalid("'params' must be a list of stream names", id);
      return { method, params, id };
    case undefined:
      return invalid("missing field `method`", id);
    default:
      return invalid("unknown variant, expected one of `SUBSCRIBE`, `UNSUBSCRIBE`, `LIST_SUBSCRIPTIONS`", id);
  }
}

/** An "Invalid request", with what is wrong. */
export const invalid = (what: string, id?: RequestId): RequestProblem => ({
  code: 2,
  msg: `Invalid request: ${what}`,
  ...(id === undefined ? {} : { id }),
});

const isRequestId = (id: unknown): id is RequestId =>
  id === null || Number.isSafeInteger(id) || (typeof id === "string" && id.length <= LONGEST_ID);

const isNames = (params: unknown): params is string[] =>
  Array.isArray(params) && params.length > 0 && params.every((name) => typeof name === "string");
