import type { RequestHandler } from "express";
import { formatAmount, notional } from "../../kernel/domain/amount.ts";
import { MAX_NUM_ORDERS, type MarketSymbol } from "../../kernel/domain/symbols.ts";
import { apiError } from "../../kernel/http/errors.ts";
import type { Parameters } from "../../kernel/http/parameters.ts";
import { publicRead } from "./read.ts";

/** An entry of exchangeInfo's `rateLimits`. The limits themselves are the gateway's. */
export interface RateLimit {
  readonly rateLimitType: "REQUEST_WEIGHT" | "ORDERS" | "RAW_REQUESTS";
  readonly interval: "SECOND" | "MINUTE" | "DAY";
  readonly intervalNum: number;
  readonly limit: number;
}

/** GET /api/v3/ping */
export const ping = (): RequestHandler => publicRead(() => ({}));

/** GET /api/v3/time */
export const serverTime = (now: () => number = Date.now): RequestHandler =>
  publicRead(() => ({ serverTime: now() }));

/** GET /api/v3/exchangeInfo, with `symbol` or `symbols` to narrow it. */
export function exchangeInfo(options: {
  markets: readonly MarketSymbol[];
  rateLimits: readonly RateLimit[];
  now?: () => number;
}): RequestHandler {
  const now = options.now ?? Date.now;
  return publicRead((parameters) => ({
    timezone: "UTC",
    serverTime: now(),
    rateLimits: options.rateLimits,
    exchangeFilters: [],
    symbols: asked(options.markets, parameters).map(symbolInfo),
  }));
}

function asked(markets: readonly MarketSymbol[], parameters: Parameters): readonly MarketSymbol[] {
  const one = parameters.optionalSymbol(markets);
  if (one) {
    parameters.refuse("symbols");
    return [one];
  }
  const list = parameters.optionalText("symbols");
  if (list === undefined) return markets;
  return namesIn(list).map((name) => {
    const found = markets.find((market) => market.name === name);
    if (!found) throw apiError.invalidSymbol();
    return found;
  });
}

/** `symbols=["BTCUSDT","ETHUSDT"]` */
function namesIn(list: string): unknown[] {
  try {
    const names: unknown = JSON.parse(list);
    if (Array.isArray(names) && names.length > 0) return names;
  } catch {
    // Not JSON: the same answer as for JSON of another shape.
  }
  throw apiError.invalidValue("symbols", 'a JSON array of names, such as ["BTCUSDT"]');
}

const symbolInfo = (market: MarketSymbol) => ({
  symbol: market.name,
  status: "TRADING",
  baseAsset: market.base,
  baseAssetPrecision: 8,
  quoteAsset: market.quote,
  quotePrecision: 8,
  quoteAssetPrecision: 8,
  baseCommissionPrecision: 8,
  quoteCommissionPrecision: 8,
  orderTypes: ["LIMIT", "LIMIT_MAKER", "MARKET"],
  icebergAllowed: false,
  ocoAllowed: false,
  otoAllowed: false,
  opoAllowed: false,
  quoteOrderQtyMarketAllowed: true,
  allowTrailingStop: false,
  cancelReplaceAllowed: false,
  amendAllowed: false,
  pegInstructionsAllowed: false,
  isSpotTradingAllowed: true,
  isMarginTradingAllowed: false,
  filters: [
    {
      filterType: "PRICE_FILTER",
      minPrice: formatAmount(market.minPrice),
      maxPrice: formatAmount(market.maxPrice),
      tickSize: formatAmount(market.tickSize),
    },
    {
      filterType: "LOT_SIZE",
      minQty: formatAmount(market.minQuantity),
      maxQty: formatAmount(market.maxQuantity),
      stepSize: formatAmount(market.stepSize),
    },
    {
      filterType: "NOTIONAL",
      minNotional: formatAmount(market.minNotional),
      applyMinToMarket: true,
      // The product of the other filters' ends: no smaller limit of its own.
      maxNotional: formatAmount(notional(market.maxPrice, market.maxQuantity)),
      applyMaxToMarket: false,
      avgPriceMins: 0,
    },
    { filterType: "MAX_NUM_ORDERS", maxNumOrders: MAX_NUM_ORDERS },
  ],
  permissions: [],
  permissionSets: [["SPOT"]],
  defaultSelfTradePreventionMode: "NONE",
  allowedSelfTradePreventionModes: ["NONE"],
});
