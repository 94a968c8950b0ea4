import type { RequestHandler } from "express";
import type { Knex } from "knex";
import { formatAmount } from "../../kernel/domain/amount.ts";
import type { AccountId } from "../../kernel/domain/command.ts";
import type { MarketSymbol } from "../../kernel/domain/symbols.ts";
import type { EngineAnswers } from "../../kernel/engine-line/messages.ts";
import type { EngineRequests } from "../engine/engine-requests.ts";
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

/**
 * GET /api/v3/myTrades: from `fromId` on, or else the most recent; oldest first. `orderId` narrows it to one order. What
 * is younger than the projection comes from the engine, which is asked first: what is projected in between is in both.
 */
export const myTrades = (options: {
  db: Knex;
  engine: EngineRequests;
  markets: readonly MarketSymbol[];
}): RequestHandler =>
  accountRead(async (account, parameters) => {
    parameters.refuse("startTime", "endTime");
    const market = parameters.symbol(options.markets);
    const limit = parameters.limit(STANDARD_TRADES, MOST_TRADES);
    const fromId = parameters.optionalInteger("fromId");
    const orderId = parameters.optionalInteger("orderId") ?? null;
    const bindings = { account, symbol: market.name, limit, fromId: fromId ?? 0, orderId };
    const recent = await options.engine.query({ kind: "trades", stream: market.name, accountId: account });
    const stored = await select<OwnTradeRow>(options.db, fromId === undefined ? NEWEST : OLDEST, bindings);
    const meant = ownRows(recent, account).filter(
      (row) =>
        Number(row.trade_id) >= bindings.fromId && (orderId === null || Number(row.order_id) === orderId),
    );
    const rows = merged(stored, meant);
    const shown = fromId === undefined ? rows.slice(-limit) : rows.slice(0, limit);
    return shown.map((row) => {
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

/** The account's sides of trades, as rows: both of a trade with itself. */
const ownRows = (trades: EngineAnswers["trades"], account: AccountId): OwnTradeRow[] =>
  trades.flatMap(({ trade, time }) => {
    const row = {
      trade_id: String(trade.tradeId),
      price: trade.price,
      quantity: trade.quantity,
      quote_quantity: trade.quoteQuantity,
      buyer_is_maker: trade.buyerIsMaker,
      time: String(time),
    };
    const taker = { ...row, order_id: String(trade.takerOrderId), is_maker: false };
    const maker = { ...row, order_id: String(trade.makerOrderId), is_maker: true };
    return [
      ...(trade.takerAccountId === account ? [taker] : []),
      ...(trade.makerAccountId === account ? [maker] : []),
    ];
  });

/** Each side of each trade once, oldest first. */
function merged(stored: readonly OwnTradeRow[], recent: readonly OwnTradeRow[]): OwnTradeRow[] {
  const rows = new Map([...recent, ...stored].map((row) => [`${row.trade_id} ${row.is_maker}`, row]));
  return [...rows.values()].sort(
    (a, b) => Number(a.trade_id) - Number(b.trade_id) || Number(a.is_maker) - Number(b.is_maker),
  );
}
