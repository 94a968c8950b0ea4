import express, { type RequestHandler, type Response } from "express";
import type { AccountId } from "../domain/command.ts";
import { apiError } from "./errors.ts";
import { Parameters } from "./parameters.ts";
import type { ReceivedText } from "./signature.ts";

const FORM = "application/x-www-form-urlencoded";

/** What the middleware of the trading API learns of a request, for the handlers after it. */
interface Received {
  readonly text: ReceivedText;
  readonly parameters: Parameters;
  account: AccountId | null;
}

const KEY = "received";

/**
 * Middleware that reads the query string and the form body, keeping both as they came for the signature. The body is
 * never JSON: Binance's API takes none.
 * @param limit the largest body, in bytes; a larger one is 413
 */
export function readParameters(limit = 8_192): RequestHandler[] {
  const readBody = express.text({ type: FORM, limit, inflate: false, defaultCharset: "utf-8" });
  const readAll: RequestHandler = (request, response, next) => {
    if (typeof request.body !== "string" && hasBody(request.headers)) throw apiError.unreadableBody();
    const question = request.originalUrl.indexOf("?");
    const text: ReceivedText = {
      query: question < 0 ? "" : request.originalUrl.slice(question + 1),
      body: typeof request.body === "string" ? request.body : "",
    };
    response.locals[KEY] = { text, parameters: Parameters.read(text), account: null } satisfies Received;
    next();
  };
  return [readBody, readAll];
}

const hasBody = (headers: {
  "content-length"?: string | undefined;
  "transfer-encoding"?: string | undefined;
}): boolean => headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;

export const parametersOf = (response: Response): Parameters => received(response).parameters;

/** What the signature covers. */
export const textOf = (response: Response): ReceivedText => received(response).text;

/** Authentication tells the handlers after it who asks. */
export function setAccount(response: Response, account: AccountId): void {
  received(response).account = account;
}

/** @throws Error, a defect of ours, when the route was mounted without authentication. */
export function accountOf(response: Response): AccountId {
  const { account } = received(response);
  if (account === null)
    throw new Error("a route that answers about an account was mounted without authentication");
  return account;
}

function received(response: Response): Received {
  const found: unknown = response.locals[KEY];
  if (!found) throw new Error("a route was mounted without readParameters() before it");
  return found as Received;
}
