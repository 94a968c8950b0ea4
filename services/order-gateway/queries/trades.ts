import type { RequestHandler } from "express";
import type { Knex } from "knex";
import { formatAmount } from "../../kernel/domain/amount.ts";
import type { MarketSymbol } from "../../kernel/domain/symbols.ts";
import { accountRead, publicRead, select } from "./read.ts";

const STANDARD_TRADES = 500;
const MOST_TRADES = 1_000;

interface TradeRow {
  readonly trade_id: string;
  readonly price: string;
  readonly quantity: string;
  readonly quote_quantity: string;
  readonly buyer_is_maker: boolean;
  readonly time: string;
}

interface OwnTradeRow extends TradeRow {
  readonly order_id: string;
  readonly is_maker: boolean;
}

const RECENT = `
select trade_id, price, quantity, quote_quantity, buyer_is_maker, time
from trade where symbol = :symbol order by trade_id desc limit :limit`;

/** GET /api/v3/trades: the most recent, oldest first. */
export const recentTrades = (options: { db: Knex; markets: readonly MarketSymbol[] }): RequestHandler =>
  publicRead(async (parameters) => {
    const symbol = parameters.symbol(options.markets).name;
    const limit = parameters.limit(STANDARD_TRADES, MOST_TRADES);
    const rows = await select<TradeRow>(options.db, RECENT, { symbol, limit });
    return rows.reverse().map((row) => ({
      id: Number(row.trade_id),
      price: formatAmount(BigInt(row.price)),
      qty: formatAmount(BigInt(row.quantity)),
      quoteQty: formatAmount(BigInt(row.quote_quantity)),
      time: Number(row.time),
      isBuyerMaker: row.buyer_is_maker,
      isBestMatch: true,
    }));
  });

/** Each half walks its own index; a trade of the account with itself shows once for each of its orders. */
const own = (order: "asc" | "desc"): string => {
  const half = (role: "maker" | "taker"): string => `
  (select trade_id, price, quantity, quote_quantity, buyer_is_maker, time,
          ${role}_order_id as order_id, ${role === "maker"} as is_maker
   from trade
   where ${role}_account_id = :account and symbol = :symbol and trade_id >= :fromId
     and (cast(:orderId as bigint) is null or ${role}_order_id = :orderId)
   order by trade_id ${order} limit :limit)`;
  return `select * from (${half("maker")} union all ${half("taker")}) own
    order by trade_id ${order}, is_maker ${order} limit :limit`;
};
const OLDEST = own("asc");
const NEWEST = own("desc");

/** GET /api/v3/myTrades: from `fromId` on, or else the most recent; oldest first. `orderId` narrows it to one order. */
export const myTrades = (options: { db: Knex; markets: readonly MarketSymbol[] }): RequestHandler =>
  accountRead(async (account, parameters) => {
    parameters.refuse("startTime", "endTime");
    const market = parameters.symbol(options.markets);
    const limit = parameters.limit(STANDARD_TRADES, MOST_TRADES);
    const fromId = parameters.optionalInteger("fromId");
    const orderId = parameters.optionalInteger("orderId") ?? null;
    const bindings = { account, symbol: market.name, limit, fromId: fromId ?? 0, orderId };
    const rows = await select<OwnTradeRow>(options.db, fromId === undefined ? NEWEST : OLDEST, bindings);
    if (fromId === undefined) rows.reverse();
    return rows.map((row) => {
      const isBuyer = row.is_maker === row.buyer_is_maker;
      return {
        symbol: market.name,
        id: Number(row.trade_id),
        orderId: Number(row.order_id),
        orderListId: -1,
        price: formatAmount(BigInt(row.price)),
        qty: formatAmount(BigInt(row.quantity)),
        quoteQty: formatAmount(BigInt(row.quote_quantity)),
        commission: formatAmount(0n),
        commissionAsset: isBuyer ? market.base : market.quote,
        time: Number(row.time),
        isBuyer,
        isMaker: row.is_maker,
        isBestMatch: true,
      };
    });
  });
