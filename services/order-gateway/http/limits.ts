import type { AccountId } from "@castle/services/kernel/domain/command.ts";
import { ApiError, apiError } from "@castle/services/kernel/http/errors.ts";
import type { Response } from "express";
import { FixedWindow, ORDERS_PER_TEN_SECONDS, REQUEST_WEIGHT_PER_MINUTE } from "../accounts/rate-limit.ts";
import type { RateLimit } from "../queries/index.ts";

/** As exchangeInfo tells them. */
export const rateLimits: readonly RateLimit[] = [
  { rateLimitType: "REQUEST_WEIGHT", interval: "MINUTE", intervalNum: 1, limit: REQUEST_WEIGHT_PER_MINUTE },
  { rateLimitType: "ORDERS", interval: "SECOND", intervalNum: 10, limit: ORDERS_PER_TEN_SECONDS },
];

/** Beyond this many times the limit a client is not hasty but out of order: 418, as Binance answers. */
const BAN_FACTOR = 2;

/** Request weight per API key (or address, where there is none), and orders per account: told in headers, then refused. */
export class Limits {
  readonly #weight = new FixedWindow(60_000);
  readonly #orders = new FixedWindow(10_000);

  /** @throws ApiError -1003: 429, or 418 for who does not heed it. */
  request(response: Response, key: string, weight: number): void {
    const now = Date.now();
    const used = this.#weight.use(key, weight, now);
    response.setHeader("X-MBX-USED-WEIGHT-1M", String(used));
    if (used <= REQUEST_WEIGHT_PER_MINUTE) return;
    response.setHeader("Retry-After", String(this.#weight.retryAfterSeconds(now)));
    const refused = apiError.tooManyRequests(`${REQUEST_WEIGHT_PER_MINUTE} request weight per 1 MINUTE`);
    throw used <= BAN_FACTOR * REQUEST_WEIGHT_PER_MINUTE
      ? refused
      : new ApiError(418, refused.code, refused.msg);
  }

  /** @throws ApiError -1015 */
  order(response: Response, accountId: AccountId): void {
    const now = Date.now();
    const count = this.#orders.use(accountId, 1, now);
    response.setHeader("X-MBX-ORDER-COUNT-10S", String(count));
    if (count <= ORDERS_PER_TEN_SECONDS) return;
    response.setHeader("Retry-After", String(this.#orders.retryAfterSeconds(now)));
    throw apiError.tooManyOrders(`${ORDERS_PER_TEN_SECONDS} orders per 10 SECOND`);
  }
}
