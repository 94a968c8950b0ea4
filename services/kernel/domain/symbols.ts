import { type Amount, ONE, parseAmount } from "./amount.ts";

/** A market and the filters its orders must pass. */
export interface MarketSymbol {
  readonly name: string;
  readonly base: string;
  readonly quote: string;
  readonly tickSize: Amount;
  readonly minPrice: Amount;
  readonly maxPrice: Amount;
  readonly stepSize: Amount;
  readonly minQuantity: Amount;
  readonly maxQuantity: Amount;
  readonly minNotional: Amount;
}

/** Open orders of one account in one market, at most. Binance's default, told in exchangeInfo. */
export const MAX_NUM_ORDERS = 200;

const amount = (text: string): Amount => {
  const parsed = parseAmount(text);
  if (parsed === null) throw new Error(`"${text}" is not a decimal with at most eight decimals`);
  return parsed;
};

function market(base: string, quote: string, filters: { tick: string; step: string }): MarketSymbol {
  const tickSize = amount(filters.tick);
  const stepSize = amount(filters.step);
  if ((tickSize * stepSize) % ONE !== 0n)
    throw new Error(
      `${base}${quote}: tick ${filters.tick} × step ${filters.step} has more than eight decimals; money would be rounded`,
    );
  return {
    name: `${base}${quote}`,
    base,
    quote,
    tickSize,
    minPrice: tickSize,
    maxPrice: amount("1000000"),
    stepSize,
    minQuantity: stepSize,
    maxQuantity: amount("9000"),
    minNotional: amount("5"),
  };
}

/** Every market Castle lists. A cell trades those its configuration names (`CASTLE_SYMBOLS`). */
export const symbols: readonly MarketSymbol[] = [
  market("BTC", "USDT", { tick: "0.01", step: "0.00001" }),
  market("ETH", "USDT", { tick: "0.01", step: "0.0001" }),
  market("SOL", "USDT", { tick: "0.01", step: "0.001" }),
  market("BNB", "USDT", { tick: "0.01", step: "0.001" }),
  market("XRP", "USDT", { tick: "0.0001", step: "0.1" }),
  market("ADA", "USDT", { tick: "0.0001", step: "0.1" }),
];

export function findSymbol(name: string): MarketSymbol | undefined {
  return symbols.find((symbol) => symbol.name === name);
}

export function symbolNamed(name: string): MarketSymbol {
  const found = findSymbol(name);
  if (!found)
    throw new Error(
      `symbol "${name}" is not in services/kernel/domain/symbols.ts; known: ${symbols.map((s) => s.name).join(", ")}`,
    );
  return found;
}
