import { apiError } from "@castle/services/kernel/http/errors.ts";
import type { Request, Response } from "express";

const HEADER = "Idempotency-Key";
/** Printable ASCII without the space; a UUID has 36 characters. */
const KEY = /^[!-~]{1,64}$/;

/**
 * The request's Idempotency-Key: who sends the same request again with it gets the first result, for 24 hours.
 * Source: draft-ietf-httpapi-idempotency-key-header.
 * @throws ApiError -1100 for what is no key
 */
export function readIdempotencyKey(request: Request): { readonly idempotencyKey?: string } {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return {};
  if (typeof key !== "string" || !KEY.test(key)) throw apiError.illegalCharacters(HEADER, "^[!-~]{1,64}$");
  return { idempotencyKey: key };
}

/** The answer is the first result of a request that was sent before. */
export function markRepeated(response: Response): void {
  response.setHeader("Idempotent-Replayed", "true");
}
