import { type Amount, notional } from "@castle/services/kernel/domain/amount.ts";
import type { OrderType, PlaceOrder, Side, TimeInForce } from "@castle/services/kernel/domain/command.ts";
import type { MarketSymbol } from "@castle/services/kernel/domain/symbols.ts";
import { apiError } from "@castle/services/kernel/http/errors.ts";
import type { Parameters } from "@castle/services/kernel/http/parameters.ts";

export type ResponseType = "ACK" | "RESULT" | "FULL";

/** An order as asked for: valid in itself, its funds not yet looked at. */
export interface OrderRequest {
  readonly symbol: MarketSymbol;
  readonly clientOrderId: string | undefined;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly price: Amount | null;
  readonly quantity: Amount | null;
  /** What a MARKET buy by quote quantity spends. */
  readonly quoteOrderQty: Amount | null;
  readonly responseType: ResponseType;
}

type Terms = Pick<OrderRequest, "timeInForce" | "price" | "quantity" | "quoteOrderQty">;

const invalidResponseType = (): Error => apiError.invalidValue("newOrderRespType", "ACK, RESULT or FULL");

/**
 * Reads and checks an order's parameters against its symbol's filters.
 * @throws ApiError with Binance's code for the first thing wrong.
 */
export function parseOrder(parameters: Parameters, markets: readonly MarketSymbol[]): OrderRequest {
  const symbol = parameters.symbol(markets);
  const side = parameters.oneOf<Side>("side", ["BUY", "SELL"], apiError.invalidSide);
  const type = parameters.oneOf<OrderType>(
    "type",
    ["LIMIT", "MARKET", "LIMIT_MAKER"],
    apiError.invalidOrderType,
  );
  return {
    symbol,
    side,
    type,
    clientOrderId: parameters.optionalClientId("newClientOrderId"),
    // Binance's defaults: FULL for what may fill at once, ACK for what only adds to the book.
    responseType:
      parameters.optionalOneOf<ResponseType>(
        "newOrderRespType",
        ["ACK", "RESULT", "FULL"],
        invalidResponseType,
      ) ?? (type === "LIMIT_MAKER" ? "ACK" : "FULL"),
    ...(type === "MARKET" ? marketTerms(parameters, symbol, side) : limitTerms(parameters, symbol, type)),
  };
}

/** What a MARKET buy by quantity may spend, and holds, the engine finds out, which knows the last price. */
export function toPlaceOrder(order: OrderRequest): PlaceOrder {
  const { symbol, side, type, timeInForce, price, quantity } = order;
  const quoteBudget = order.quoteOrderQty;
  return { kind: "place", side, type, timeInForce, price, quantity, quoteBudget, hold: hold() };

  function hold(): PlaceOrder["hold"] {
    if (side === "SELL") return { asset: symbol.base, amount: quantity ?? 0n };
    if (price !== null && quantity !== null)
      return { asset: symbol.quote, amount: notional(price, quantity) };
    return { asset: symbol.quote, amount: quoteBudget ?? 0n };
  }
}

function limitTerms(parameters: Parameters, symbol: MarketSymbol, type: "LIMIT" | "LIMIT_MAKER"): Terms {
  parameters.refuse("quoteOrderQty");
  if (type === "LIMIT_MAKER") parameters.refuse("timeInForce");
  const timeInForce =
    type === "LIMIT_MAKER"
      ? "GTC"
      : parameters.oneOf<TimeInForce>("timeInForce", ["GTC", "IOC", "FOK"], apiError.invalidTimeInForce);
  const quantity = lotSize(parameters, symbol);
  const price = parameters.amount("price");
  if (price < symbol.minPrice || price > symbol.maxPrice || price % symbol.tickSize !== 0n)
    throw apiError.filterFailure("PRICE_FILTER");
  if (notional(price, quantity) < symbol.minNotional) throw apiError.filterFailure("NOTIONAL");
  return { timeInForce, price, quantity, quoteOrderQty: null };
}

function marketTerms(parameters: Parameters, symbol: MarketSymbol, side: Side): Terms {
  parameters.refuse("price", "timeInForce");
  const quoteOrderQty = parameters.optionalAmount("quoteOrderQty");
  if (quoteOrderQty === undefined)
    return { timeInForce: "IOC", price: null, quantity: lotSize(parameters, symbol), quoteOrderQty: null };
  parameters.refuse("quantity");
  if (side === "SELL") parameters.refuse("quoteOrderQty");
  if (quoteOrderQty < symbol.minNotional) throw apiError.filterFailure("NOTIONAL");
  return { timeInForce: "IOC", price: null, quantity: null, quoteOrderQty };
}

function lotSize(parameters: Parameters, symbol: MarketSymbol): Amount {
  const quantity = parameters.amount("quantity");
  if (quantity < symbol.minQuantity || quantity > symbol.maxQuantity || quantity % symbol.stepSize !== 0n)
    throw apiError.filterFailure("LOT_SIZE");
  return quantity;
}
