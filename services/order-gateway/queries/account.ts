import type { RequestHandler } from "express";
import { formatAmount } from "../../kernel/domain/amount.ts";
import type { EngineRequests } from "../engine/engine-requests.ts";
import { accountRead } from "./read.ts";

/** GET /api/v3/account: from the engine's memory, as of the commands that are durable and applied. */
export const account = (options: { engine: EngineRequests }): RequestHandler =>
  accountRead(async (accountId, parameters) => {
    const omitZero = parameters.optionalBoolean("omitZeroBalances") ?? false;
    const asOf = Date.now();
    const balances = await options.engine.query({ kind: "balances", accountId });
    const none = formatAmount(0n);
    return {
      makerCommission: 0,
      takerCommission: 0,
      buyerCommission: 0,
      sellerCommission: 0,
      commissionRates: { maker: none, taker: none, buyer: none, seller: none },
      canTrade: true,
      canWithdraw: false,
      canDeposit: true,
      brokered: false,
      requireSelfTradePrevention: false,
      preventSor: false,
      updateTime: asOf,
      accountType: "SPOT",
      balances: balances
        .filter(({ free, locked }) => !omitZero || free !== "0" || locked !== "0")
        .map(({ asset, free, locked }) => ({
          asset,
          free: formatAmount(BigInt(free)),
          locked: formatAmount(BigInt(locked)),
        })),
      permissions: ["SPOT"],
      uid: accountId,
    };
  });
