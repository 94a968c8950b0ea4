import type { RequestHandler } from "express";
import type { AccountId } from "../../kernel/domain/command.ts";
import { apiError } from "../../kernel/http/errors.ts";
import { issueListenKey, readListenKey } from "../../kernel/http/listen-key.ts";
import type { Parameters } from "../../kernel/http/parameters.ts";
import { accountRead } from "./read.ts";

export interface UserStreamOptions {
  readonly sealKey: Buffer;
  readonly now?: () => number;
}

/*
 * /api/v3/userDataStream. Authenticated by the header X-MBX-APIKEY alone, without a signature, as Binance has it. See
 * listen-key.ts for why a key is not stored, and what follows from that.
 */

/** POST: a listen key for the account, good for opening its stream within 60 minutes. */
export const openUserStream = ({ sealKey, now = Date.now }: UserStreamOptions): RequestHandler =>
  accountRead((account) => ({ listenKey: issueListenKey(sealKey, account, now()) }));

/**
 * PUT: a client that lives on what Binance says loses nothing, since an open stream outlives its key. Where Binance
 * answers `{}` there is a fresh key, for clients that want to connect again later than 60 minutes from the first.
 */
export const keepUserStream = ({ sealKey, now = Date.now }: UserStreamOptions): RequestHandler =>
  accountRead((account, parameters) => {
    requireOwnKey(sealKey, account, parameters, now());
    return { listenKey: issueListenKey(sealKey, account, now()) };
  });

/** DELETE: the client is done with it. The key lapses by itself. */
export const closeUserStream = ({ sealKey, now = Date.now }: UserStreamOptions): RequestHandler =>
  accountRead((account, parameters) => {
    requireOwnKey(sealKey, account, parameters, now());
    return {};
  });

/** @throws ApiError -1125 for a key that is none, has expired, or is another account's. */
function requireOwnKey(sealKey: Buffer, account: AccountId, parameters: Parameters, now: number): void {
  const key = readListenKey(sealKey, parameters.text("listenKey"), now);
  if (key?.accountId !== account) throw apiError.invalidListenKey();
}
