import { type Amount, formatAmount, ONE } from "@castle/services/kernel/domain/amount.ts";
import { type MarketSymbol, symbolNamed } from "@castle/services/kernel/domain/symbols.ts";

/** Where each market's price stands when the load begins, in the quote asset. */
const startingPrices: Readonly<Record<string, number>> = {
  BTCUSDT: 60_000,
  ETHUSDT: 3_000,
  SOLUSDT: 150,
  BNBUSDT: 600,
  XRPUSDT: 0.5,
  ADAUSDT: 0.4,
};

/** Requests in which the mid goes up and down once, and how far, as a share of the price. */
const SWING_SLOTS = 20_000;
const SWING = 0.002;

/** Prices the traders use are this share of the price apart, so that a book holds levels of several orders each. */
const STEP = 0.0001;

/**
 * A market as the traders see it: a mid that moves slowly with the number of requests sent, and prices on a grid around
 * it. No clock: what is sent at slot 1,000 is the same on a slow day.
 */
export class MidPrice {
  readonly symbol: MarketSymbol;
  readonly #start: number;
  readonly #gridTicks: number;
  readonly #tick: number;
  readonly #phase: number;

  /** @throws Error when the symbol is not one Castle lists. */
  constructor(name: string) {
    this.symbol = symbolNamed(name);
    this.#start = startingPrices[name] ?? 100;
    this.#tick = Number(this.symbol.tickSize) / Number(ONE);
    this.#gridTicks = Math.max(1, Math.round((this.#start * STEP) / this.#tick));
    this.#phase = name.length + name.charCodeAt(0);
  }

  /** A price `steps` of the grid above (below when negative) the mid at `slot`, as the wire writes it. */
  price(slot: number, steps: number): string {
    const swing = 1 + SWING * Math.sin((2 * Math.PI * slot) / SWING_SLOTS + this.#phase);
    const mid = Math.round((this.#start * swing) / this.#tick / this.#gridTicks);
    return formatAmount(BigInt((mid + steps) * this.#gridTicks) * this.symbol.tickSize);
  }

  /** The quantity worth about `value` of the quote asset, in whole steps and at least one. */
  quantity(value: number): string {
    const step = Number(this.symbol.stepSize) / Number(ONE);
    const steps = BigInt(Math.max(1, Math.ceil(value / this.#start / step)));
    return formatAmount(steps * this.symbol.stepSize);
  }
}

/** What every account needs of each asset, so that none runs dry in a drill; in the asset's smallest unit. */
export function fundsFor(symbols: readonly string[], worth = 100_000): Record<string, Amount> {
  const funds: Record<string, Amount> = {};
  for (const name of symbols) {
    const { base, quote } = symbolNamed(name);
    funds[quote] = BigInt(worth) * ONE;
    funds[base] = BigInt(Math.ceil(worth / (startingPrices[name] ?? 100))) * ONE;
  }
  return funds;
}
