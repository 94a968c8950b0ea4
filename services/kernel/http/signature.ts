import { createHmac, timingSafeEqual } from "node:crypto";
import { apiError } from "./errors.ts";
import type { Parameters } from "./parameters.ts";

/** A request's parameters exactly as received: the query string without its "?", and the body. */
export interface ReceivedText {
  readonly query: string;
  readonly body: string;
}

/** How old a request may be when it does not say, and the most it may ask for. Milliseconds, as Binance has them. */
const RECV_WINDOW_MS = 5_000;
const MAXIMUM_RECV_WINDOW_MS = 60_000;
/** How far a client's clock may run ahead of ours. */
const AHEAD_MS = 1_000;

const SHA256_HEX = /^[0-9a-f]{64}$/i;

/** The HMAC-SHA256 of `text` under the account's secret, in lower-case hex. */
export const signature = (secret: string, text: string): string =>
  createHmac("sha256", secret).update(text).digest("hex");

/** What a client sends: the parameters as a query string (or form body), signed. */
export function signQuery(secret: string, parameters: URLSearchParams): string {
  const text = parameters.toString();
  return `${text}${text === "" ? "" : "&"}signature=${signature(secret, text)}`;
}

/**
 * Checks the signature over what was received: the query string and the body, one after the other with nothing
 * between, without the `signature` parameter. Bytes as they came: a client may order and encode as it likes.
 * @throws ApiError -1102 when there is none, -1101 when there are two, -1022 when it is another one.
 */
export function requireSignature(received: ReceivedText, secret: string): void {
  const query = withoutSignature(received.query);
  const body = withoutSignature(received.body);
  const [given, second] = [...query.signatures, ...body.signatures];
  if (given === undefined || given === "") throw apiError.parameterMissing("signature");
  if (second !== undefined) throw apiError.duplicateParameter("signature");
  if (!SHA256_HEX.test(given)) throw apiError.badSignature();
  const expected = createHmac("sha256", secret).update(query.text).update(body.text).digest();
  if (!timingSafeEqual(expected, Buffer.from(given, "hex"))) throw apiError.badSignature();
}

/**
 * The timing rule: a request is good from one second before its `timestamp` until `recvWindow` after it.
 * @param now milliseconds since 1970
 * @throws ApiError -1021, or what is wrong with the parameters themselves.
 */
export function requireFresh(parameters: Parameters, now: number): void {
  const timestamp = parameters.integer("timestamp");
  const recvWindow = parameters.optionalMilliseconds("recvWindow") ?? RECV_WINDOW_MS;
  if (recvWindow > MAXIMUM_RECV_WINDOW_MS)
    throw apiError.parameterTooGreat("recvWindow", MAXIMUM_RECV_WINDOW_MS);
  if (timestamp >= now + AHEAD_MS) throw apiError.timestampAhead();
  if (now - timestamp > recvWindow) throw apiError.timestampTooOld();
}

const NAME = "signature=";

function withoutSignature(text: string): { text: string; signatures: string[] } {
  if (!text.includes(NAME)) return { text, signatures: [] };
  const pairs = text.split("&");
  return {
    text: pairs.filter((pair) => !pair.startsWith(NAME)).join("&"),
    signatures: pairs.filter((pair) => pair.startsWith(NAME)).map((pair) => pair.slice(NAME.length)),
  };
}
