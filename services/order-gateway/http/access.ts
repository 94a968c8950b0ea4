import { apiError } from "@castle/services/kernel/http/errors.ts";
import { parametersOf, setAccount, textOf } from "@castle/services/kernel/http/received.ts";
import { requireFresh, requireSignature } from "@castle/services/kernel/http/signature.ts";
import type { RequestHandler } from "express";
import type { AccountDirectory, KnownAccount } from "../accounts/directory.ts";
import type { CellAuthority } from "../cell-authority.ts";
import type { Limits } from "./limits.ts";

/** Every answer says which cell gave it, in which epoch: a trader's record of what was told, and by whom. */
export const identify =
  (region: string, authority: CellAuthority): RequestHandler =>
  (_request, response, next) => {
    response.setHeader("X-Castle-Region", region);
    const { epoch } = authority;
    if (epoch !== null) response.setHeader("X-Castle-Epoch", String(epoch));
    next();
  };

/**
 * Lets a request pass only while this cell's epoch is confirmed: a cell that may have been left behind tells nothing.
 * What it refuses was not executed; the connection is closed, so that the client's next one finds the active cell.
 */
export const onlyActive =
  (authority: CellAuthority): RequestHandler =>
  (_request, response, next) => {
    if (authority.epoch !== null) return next();
    response.setHeader("Connection", "close");
    throw apiError.notAccepting("this cell is not active");
  };

/** Counts the request's weight by API key, or by address where there is none. */
export const weigh =
  (limits: Limits, weight: number): RequestHandler =>
  (request, response, next) => {
    limits.request(response, request.get("X-MBX-APIKEY") ?? request.ip ?? "", weight);
    next();
  };

/** Binance's SIGNED: API key, fresh timestamp, HMAC over what was received. */
export const signed =
  (accounts: AccountDirectory): RequestHandler =>
  (request, response, next) => {
    const apiKey = request.get("X-MBX-APIKEY");
    const admit = ({ accountId, secret }: KnownAccount): void => {
      requireSignature(textOf(response), secret);
      requireFresh(parametersOf(response), Date.now());
      setAccount(response, accountId);
      next();
    };
    const known = accounts.known(apiKey);
    if (known) return admit(known);
    return accounts.byApiKey(apiKey).then(admit);
  };

/** Binance's USER_STREAM: the API key alone. */
export const keyed =
  (accounts: AccountDirectory): RequestHandler =>
  async (request, response, next) => {
    const account = await accounts.byApiKey(request.get("X-MBX-APIKEY"));
    setAccount(response, account.accountId);
    next();
  };
