import { notional, parseAmount } from "@castle/services/kernel/domain/amount.ts";
import type { AccountId, PlaceOrder, Side } from "@castle/services/kernel/domain/command.ts";
import type { Outcome } from "@castle/services/kernel/domain/outcome.ts";
import { symbolNamed } from "@castle/services/kernel/domain/symbols.ts";
import type { EngineCaller } from "./engine-caller.ts";

/** A symbol's market as its traders move it: every call is a command to the engine that leads, and resolves with its outcome. */
export class LiveMarket {
  readonly symbol: string;
  readonly #engine: EngineCaller;
  #names = 0;

  constructor(engine: EngineCaller, symbol: string) {
    this.#engine = engine;
    this.symbol = symbol;
  }

  /** A limit order. It rests as far as it meets nobody. */
  limit(
    side: Side,
    price: string,
    quantity: string,
    accountId: AccountId,
    timeInForce: PlaceOrder["timeInForce"] = "GTC",
  ): Promise<Outcome> {
    const [p, q] = [amount(price), amount(quantity)];
    return this.#place(accountId, {
      ...{ kind: "place", side, type: "LIMIT", timeInForce, price: p, quantity: q, quoteBudget: null },
      hold: this.#hold(side, side === "BUY" ? notional(p, q) : q),
    });
  }

  /** A market sell of a quantity, or a market buy for at most a quote quantity. */
  market(side: Side, quantity: string, accountId: AccountId): Promise<Outcome> {
    const all = amount(quantity);
    return this.#place(accountId, {
      ...{ kind: "place", side, type: "MARKET", timeInForce: "IOC", price: null },
      ...{ quantity: side === "SELL" ? all : null, quoteBudget: side === "BUY" ? all : null },
      hold: this.#hold(side, all),
    });
  }

  /** A command that moves no level: an order that would rest, and may not. */
  moveNothing(accountId: AccountId): Promise<Outcome> {
    return this.limit("BUY", "10", "1", accountId, "IOC");
  }

  async cancel(orderId: number, accountId: AccountId): Promise<Outcome> {
    const command = { kind: "cancel", orderId, origClientOrderId: "" } as const;
    return (await this.#send(accountId, command)).outcome;
  }

  async #place(accountId: AccountId, command: PlaceOrder): Promise<Outcome> {
    return (await this.#send(accountId, command)).outcome;
  }

  #send(accountId: AccountId, command: Parameters<EngineCaller["accepted"]>[0]["command"]) {
    this.#names += 1;
    const clientId = `${this.symbol}-${this.#names}`;
    return this.#engine.accepted({ stream: this.symbol, accountId, clientId, command });
  }

  #hold(side: Side, held: bigint): PlaceOrder["hold"] {
    const { base, quote } = symbolNamed(this.symbol);
    return { asset: side === "BUY" ? quote : base, amount: held };
  }
}

export function amount(text: string): bigint {
  const parsed = parseAmount(text);
  if (parsed === null) throw new Error(`"${text}" is no amount`);
  return parsed;
}
