import { createHmac, timingSafeEqual } from "node:crypto";
import type { TraderAccount } from "@castle/lab/traders/requests.ts";
import type { Request } from "express";

export interface SignedRequest {
  readonly account: TraderAccount;
  readonly parameters: URLSearchParams;
}

const SIGNATURE = "&signature=";

/** Who sent the request, and what it says; null when its signature is not the HMAC-SHA256 of the query as it came. */
export function readSigned(
  request: Request,
  accounts: ReadonlyMap<string, TraderAccount>,
): SignedRequest | null {
  const account = accounts.get(request.get("x-mbx-apikey") ?? "");
  const query = request.originalUrl.slice(request.originalUrl.indexOf("?") + 1);
  const end = query.lastIndexOf(SIGNATURE);
  if (!account || end < 0) return null;
  const text = query.slice(0, end);
  const actual = Buffer.from(query.slice(end + SIGNATURE.length), "hex");
  const expected = createHmac("sha256", account.secret).update(text).digest();
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return null;
  return { account, parameters: new URLSearchParams(text) };
}
