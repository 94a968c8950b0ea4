export interface Snapshot {
  readonly lastUpdateId: number;
  readonly bids: readonly (readonly [string, string])[];
  readonly asks: readonly (readonly [string, string])[];
}

export interface Update {
  readonly U: number;
  readonly u: number;
  readonly b: readonly (readonly [string, string])[];
  readonly a: readonly (readonly [string, string])[];
}

/**
 * A trader's own book, kept by the rule of Binance's documentation, "How to manage a local order book correctly".
 * It throws where the rule tells a trader to start over.
 */
export class LocalBook {
  readonly #sides = { b: new Map<string, string>(), a: new Map<string, string>() };
  #id: number;

  constructor(snapshot: Snapshot) {
    this.#id = snapshot.lastUpdateId;
    for (const [price, quantity] of snapshot.bids) this.#sides.b.set(price, quantity);
    for (const [price, quantity] of snapshot.asks) this.#sides.a.set(price, quantity);
  }

  apply(update: Update): void {
    if (update.u <= this.#id) return;
    if (update.U > this.#id + 1) throw new Error(`missed updates between ${this.#id} and ${update.U}`);
    for (const side of ["b", "a"] as const)
      for (const [price, quantity] of update[side])
        if (Number(quantity) === 0) this.#sides[side].delete(price);
        else this.#sides[side].set(price, quantity);
    this.#id = update.u;
  }

  toSnapshot(): Snapshot {
    const sorted = (side: "a" | "b", sign: 1 | -1): [string, string][] =>
      [...this.#sides[side]].sort(([x], [y]) => sign * (Number(x) - Number(y)));
    return { lastUpdateId: this.#id, bids: sorted("b", -1), asks: sorted("a", 1) };
  }
}
