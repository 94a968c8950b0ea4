import type { CancelIntent, Intent, PlaceIntent } from "./intent.ts";
import { MidPrice } from "./mid-price.ts";
import { Random } from "./random.ts";

export interface OrderFlowOptions {
  readonly seed: number;
  /** How many traders take part. */
  readonly traders: number;
  readonly symbols: readonly string[];
  /** Begins every client order id: two runs in one lab must not share them, for ids are unique for ever. */
  readonly prefix: string;
}

/** A slot cancels an order that is due with this probability: more than come due, so that the book stays bounded. */
const CANCEL_SHARE = 0.45;

/** What a slot that cancels nothing does. Four of five requests are commands in the end: bots also look at their orders. */
const mix = {
  rest: 54,
  "limit-maker": 4,
  ioc: 4,
  fok: 2,
  market: 8,
  "query-order": 24,
  depth: 2,
  account: 2,
} as const;

const answers = { ACK: 40, RESULT: 30, FULL: 30 } as const;

/** Orders worth this much of the quote asset each: small against {@link fundsFor}. */
const VALUE = { low: 10, high: 40 };

/** A resting order prices itself this deep into the other side with this probability: what keeps trades coming. */
const CROSSING_SHARE = 0.06;
const CROSSING_STEPS = 12;
const DEEPEST_STEPS = 60;

/**
 * What the traders send, slot by slot: the same seed, the same requests. Every resting order is cancelled after a number
 * of slots drawn when it is placed, so that a few hundred orders stay open in each market at any rate.
 */
export class OrderFlow {
  readonly #random: Random;
  readonly #traders: number;
  readonly #markets: readonly MidPrice[];
  readonly #prefix: string;
  readonly #endsAt = new Map<number, PlaceIntent[]>();
  readonly #due: PlaceIntent[] = [];
  readonly #recent: PlaceIntent[] = [];
  #slot = 0;

  /** @throws Error when a symbol is unknown. */
  constructor(options: OrderFlowOptions) {
    this.#random = new Random(options.seed);
    this.#traders = options.traders;
    this.#markets = options.symbols.map((name) => new MidPrice(name));
    this.#prefix = options.prefix;
  }

  next(): Intent {
    const slot = this.#slot++;
    this.#due.push(...(this.#endsAt.get(slot) ?? []));
    this.#endsAt.delete(slot);
    if (this.#due.length > 0 && this.#random.chance(CANCEL_SHARE)) {
      const ended = this.#due.shift();
      if (ended) return this.#cancel(slot, ended);
    }
    return this.#act(slot);
  }

  #act(slot: number): Intent {
    const kind = this.#random.weighted(mix);
    const market = this.#random.pick(this.#markets);
    const trader = this.#random.between(0, this.#traders - 1);
    switch (kind) {
      case "rest":
      case "limit-maker":
        return this.#rest(slot, trader, market, kind);
      case "ioc":
      case "fok":
        return this.#take(slot, trader, market, kind === "ioc" ? "IOC" : "FOK");
      case "market":
        return this.#market(slot, trader, market);
      case "query-order":
        return this.#query(trader, market);
      case "depth":
        return { kind, trader, symbol: market.symbol.name };
      case "account":
        return { kind, trader };
      default:
        return kind satisfies never;
    }
  }

  #rest(slot: number, trader: number, market: MidPrice, kind: "rest" | "limit-maker"): PlaceIntent {
    const base = this.#order(slot, trader, market);
    const maker = kind === "limit-maker";
    const crosses = !maker && this.#random.chance(CROSSING_SHARE);
    // Squared: most orders rest near the mid, where trades happen.
    const away = crosses
      ? -this.#random.between(1, CROSSING_STEPS)
      : 1 + Math.floor(this.#random.next() ** 2 * DEEPEST_STEPS);
    const placed: PlaceIntent = {
      ...base,
      type: maker ? "LIMIT_MAKER" : "LIMIT",
      timeInForce: maker ? null : "GTC",
      price: market.price(slot, base.side === "BUY" ? -away : away),
      quantity: this.#quantity(market),
      quoteOrderQty: null,
    };
    const life = this.#random.chance(0.25) ? this.#random.between(50, 500) : this.#random.between(500, 6_000);
    const ending = this.#endsAt.get(slot + life);
    if (ending) ending.push(placed);
    else this.#endsAt.set(slot + life, [placed]);
    this.#remember(placed);
    return placed;
  }

  #take(slot: number, trader: number, market: MidPrice, timeInForce: "IOC" | "FOK"): PlaceIntent {
    const base = this.#order(slot, trader, market);
    const deep = this.#random.between(0, CROSSING_STEPS);
    const placed: PlaceIntent = {
      ...base,
      type: "LIMIT",
      timeInForce,
      price: market.price(slot, base.side === "BUY" ? deep : -deep),
      quantity: this.#quantity(market),
      quoteOrderQty: null,
    };
    this.#remember(placed);
    return placed;
  }

  #market(slot: number, trader: number, market: MidPrice): PlaceIntent {
    const base = this.#order(slot, trader, market);
    const byQuote = base.side === "BUY" && this.#random.chance(0.5);
    const placed: PlaceIntent = {
      ...base,
      type: "MARKET",
      timeInForce: null,
      price: null,
      quantity: byQuote ? null : this.#quantity(market),
      quoteOrderQty: byQuote ? `${this.#random.between(VALUE.low, VALUE.high)}.00000000` : null,
    };
    this.#remember(placed);
    return placed;
  }

  #order(slot: number, trader: number, market: MidPrice) {
    return {
      kind: "place" as const,
      trader,
      symbol: market.symbol.name,
      clientOrderId: `${this.#prefix}-${slot}`,
      side: this.#random.chance(0.5) ? ("BUY" as const) : ("SELL" as const),
      answer: this.#random.weighted(answers),
    };
  }

  #quantity(market: MidPrice): string {
    return market.quantity(VALUE.low + this.#random.next() * (VALUE.high - VALUE.low));
  }

  #cancel(slot: number, placed: PlaceIntent): CancelIntent {
    return {
      kind: "cancel",
      trader: placed.trader,
      symbol: placed.symbol,
      clientOrderId: `${this.#prefix}-${slot}`,
      origClientOrderId: placed.clientOrderId,
    };
  }

  #query(trader: number, market: MidPrice): Intent {
    if (this.#recent.length === 0) return { kind: "depth", trader, symbol: market.symbol.name };
    const placed = this.#random.pick(this.#recent);
    return {
      kind: "query-order",
      trader: placed.trader,
      symbol: placed.symbol,
      origClientOrderId: placed.clientOrderId,
    };
  }

  #remember(placed: PlaceIntent): void {
    this.#recent.push(placed);
    if (this.#recent.length > 500) this.#recent.shift();
  }
}
