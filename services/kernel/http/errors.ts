import type { ErrorRequestHandler, RequestHandler } from "express";
import type { Logger } from "../log.ts";
import { reply } from "./reply.ts";

/**
 * A refusal as the trading API tells it: HTTP status, and Binance's error code and message in the body `{code, msg}`.
 * Thrown anywhere below a handler; {@link apiErrors} is the one place that answers with it.
 */
export class ApiError extends Error {
  readonly status: number;
  readonly code: number;
  /** What the client reads. Never holds a secret or an internal detail. */
  readonly msg: string;

  constructor(status: number, code: number, msg: string, options?: ErrorOptions) {
    super(`${code}: ${msg}`, options);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.msg = msg;
  }

  /** The body of the answer. */
  toJSON(): { code: number; msg: string } {
    return { code: this.code, msg: this.msg };
  }
}

const bad = (code: number, msg: string): ApiError => new ApiError(400, code, msg);

/**
 * Every code Castle answers with, once.
 * Source: Binance Spot API, "Error codes" (github.com/binance/binance-spot-api-docs, errors.md).
 */
export const apiError = {
  /** -1000: a defect of ours. */
  unknown: (cause?: unknown) =>
    new ApiError(500, -1000, "An unknown error occurred while processing the request.", { cause }),
  /** -1001: this cell does not accept now, and nothing was executed. The client reconnects and sends again. */
  notAccepting: (why: string, cause?: unknown) =>
    new ApiError(503, -1001, `Not executed: ${why}. Reconnect and send again.`, { cause }),
  /** -1003 */
  tooManyRequests: (limit: string) =>
    new ApiError(429, -1003, `Too many requests; current limit is ${limit}.`),
  /** -1006: whether it was executed cannot be known here and now. */
  executionUnknown: (cause?: unknown) =>
    new ApiError(503, -1006, "Execution status unknown. Query the order by its client order id.", { cause }),
  /** -1007: durable, but the matched result did not come in time. */
  resultLate: () =>
    new ApiError(
      504,
      -1007,
      "Accepted, but its result did not come in time. Query the order by its client order id.",
    ),
  /** -1013: `filter` as exchangeInfo names it, such as PRICE_FILTER. */
  filterFailure: (filter: string) => bad(-1013, `Filter failure: ${filter}`),
  /** -1015 */
  tooManyOrders: (limit: string) =>
    new ApiError(429, -1015, `Too many new orders; current limit is ${limit}.`),
  /** -1021: older than its recvWindow allows. */
  timestampTooOld: () => bad(-1021, "Timestamp for this request is outside of the recvWindow."),
  /** -1021: from the future. */
  timestampAhead: () => bad(-1021, "Timestamp for this request was 1000ms ahead of the server's time."),
  /** -1022 */
  badSignature: () => bad(-1022, "Signature for this request is not valid."),
  /** -1100: `legal` says what may stand there. */
  illegalCharacters: (parameter: string, legal: string) =>
    bad(-1100, `Illegal characters found in parameter '${parameter}'; legal range is '${legal}'.`),
  /** -1101 */
  duplicateParameter: (parameter: string) =>
    bad(-1101, `Duplicate values for a parameter detected: '${parameter}'.`),
  /** -1101 */
  tooManyParameters: () => bad(-1101, "Too many parameters sent for this endpoint."),
  /** -1101, HTTP 413 */
  bodyTooLarge: (limit: number | undefined) =>
    new ApiError(
      413,
      -1101,
      `Too many parameters: the request is larger than the ${limit === undefined ? "" : `${limit} `}bytes allowed.`,
    ),
  /** -1102 */
  parameterMissing: (parameter: string) =>
    bad(-1102, `Mandatory parameter '${parameter}' was not sent, was empty/null, or malformed.`),
  /** -1102: one of the two is needed. */
  neitherSent: (one: string, other: string) =>
    bad(-1102, `Param '${one}' or '${other}' must be sent, but both were empty/null!`),
  /** -1105 */
  parameterEmpty: (parameter: string) => bad(-1105, `Parameter '${parameter}' was empty.`),
  /** -1106 */
  parameterNotRequired: (parameter: string) => bad(-1106, `Parameter '${parameter}' sent when not required.`),
  /** -1111 */
  tooPrecise: (parameter: string) => bad(-1111, `Parameter '${parameter}' has too much precision.`),
  /** -1115 */
  invalidTimeInForce: () => bad(-1115, "Invalid timeInForce."),
  /** -1116 */
  invalidOrderType: () => bad(-1116, "Invalid orderType."),
  /** -1117 */
  invalidSide: () => bad(-1117, "Invalid side."),
  /** -1121 */
  invalidSymbol: () => bad(-1121, "Invalid symbol."),
  /** -1121: a market-data stream; `why` says which there are. */
  noSuchStream: (why: string) => bad(-1121, `Invalid stream: ${why}.`),
  /** -1125 */
  invalidListenKey: () => bad(-1125, "This listenKey does not exist."),
  /** -1102: `maximum` in the parameter's own unit. */
  parameterTooGreat: (parameter: string, maximum: number) =>
    bad(-1102, `'${parameter}' contains unexpected value. Cannot be greater than ${maximum}.`),
  /** -1130: `range` says what it must be. */
  invalidValue: (parameter: string, range: string) =>
    bad(-1130, `Data sent for parameter '${parameter}' is not valid; it must be ${range}.`),
  /** -1135 */
  invalidJson: () => bad(-1135, "Invalid JSON Request: the body is not well-formed JSON."),
  /** -2010: `why` in the words of Binance, such as "Account has insufficient balance for requested action." */
  orderRejected: (why: string) => bad(-2010, why),
  /** -2010 */
  insufficientBalance: () => bad(-2010, "Account has insufficient balance for requested action."),
  /** -2011 */
  cancelRejected: (why = "Unknown order sent.") => bad(-2011, why),
  /** -2013 */
  noSuchOrder: () => bad(-2013, "Order does not exist."),
  /** -2039: orderId and client order id were both sent, and name two orders. */
  clientOrderIdMismatch: () => bad(-2039, "Client order ID is not correct for this order ID."),
  /** -2014 */
  badApiKeyFormat: () => new ApiError(401, -2014, "API-key format invalid."),
  /** -2015 */
  unknownApiKey: () => new ApiError(401, -2015, "Invalid API-key, IP, or permissions for action."),
  /** No such path: HTTP 404. */
  noSuchEndpoint: (method: string, path: string) =>
    new ApiError(404, -1000, `There is no ${method} ${path}.`),
  /** The body is of a media type that the API does not read: HTTP 415. */
  unreadableBody: () =>
    new ApiError(
      415,
      -1100,
      "The body must be application/x-www-form-urlencoded, in UTF-8 and uncompressed.",
    ),
} as const;

/** The last route of an API: whatever nothing before it has answered. */
export const noSuchEndpoint: RequestHandler = (request) => {
  throw apiError.noSuchEndpoint(request.method, request.path);
};

/** The one place where errors become answers: `{code, msg}` for whatever was thrown. Mounted last. */
export function apiErrors(log: Logger): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent) return next(error);
    const answer = toApiError(error);
    if (answer.status >= 500 && answer.status !== 503)
      log.error({ err: error, method: request.method, path: request.path }, "a request failed");
    else if (answer.cause !== undefined)
      log.warn({ err: answer.cause, code: answer.code, path: request.path }, "a request was refused");
    reply(response.status(answer.status), answer);
  };
}

/** What a client is told of any thrown value: body-parser's errors by their type, ours as they are. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (!isHttpError(error)) return apiError.unknown(error);
  switch (error.type) {
    case "entity.parse.failed":
      return apiError.invalidJson();
    case "entity.too.large":
      return apiError.bodyTooLarge(error.limit);
    case "parameters.too.many":
      return apiError.tooManyParameters();
    case "charset.unsupported":
    case "encoding.unsupported":
      return apiError.unreadableBody();
    default:
      return new ApiError(error.status, -1100, `The request could not be read: ${error.message}.`);
  }
}

interface HttpError {
  readonly status: number;
  readonly type?: string;
  readonly limit?: number;
  readonly message: string;
}

/** An error of the http-errors kind that is the client's fault and may be shown. */
function isHttpError(error: unknown): error is HttpError {
  return (
    error instanceof Error &&
    "status" in error &&
    typeof error.status === "number" &&
    error.status >= 400 &&
    error.status < 500
  );
}
