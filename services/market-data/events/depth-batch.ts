import { formatAmount } from "../../kernel/domain/amount.ts";
import type { Seq, Side } from "../../kernel/domain/command.ts";
import type { Outcome } from "../../kernel/domain/outcome.ts";

/** The event of `<symbol>@depth`. Source: Binance Spot API, "Diff. Depth Stream" (web-socket-streams.md). */
export interface DepthUpdate {
  readonly e: "depthUpdate";
  /** When it was told: milliseconds since 1970. */
  readonly E: number;
  readonly s: string;
  readonly U: Seq;
  readonly u: Seq;
  readonly b: readonly (readonly [price: string, quantity: string])[];
  readonly a: readonly (readonly [price: string, quantity: string])[];
}

/**
 * Gathers one symbol's changed levels between two updates. Update ids are the seqs of commands, so every command moves
 * the id, whether or not it moved a level: an update without levels is told all the same, and each `U` is the `u`
 * before it plus one.
 */
export class DepthBatch {
  readonly #symbol: string;
  #told: Seq;
  #last: Seq;
  readonly #changed: Readonly<Record<Side, Map<string, string>>> = { BUY: new Map(), SELL: new Map() };

  /** @param position the seq after which the first update begins */
  constructor(symbol: string, position: Seq) {
    this.#symbol = symbol;
    this.#told = position;
    this.#last = position;
  }

  add(outcome: Pick<Outcome, "seq" | "levels">): void {
    if (outcome.seq !== this.#last + 1)
      throw new Error(
        `${this.#symbol}: outcome ${outcome.seq} after ${this.#last}; they must follow each other`,
      );
    this.#last = outcome.seq;
    for (const { side, price, quantity } of outcome.levels) this.#changed[side].set(price, quantity);
  }

  /** What came since the last call; null when nothing did. */
  take(now: number): DepthUpdate | null {
    if (this.#last === this.#told) return null;
    const update: DepthUpdate = {
      e: "depthUpdate",
      E: now,
      s: this.#symbol,
      U: this.#told + 1,
      u: this.#last,
      b: levels(this.#changed.BUY),
      a: levels(this.#changed.SELL),
    };
    this.#told = this.#last;
    this.#changed.BUY.clear();
    this.#changed.SELL.clear();
    return update;
  }
}

const levels = (changed: ReadonlyMap<string, string>): [string, string][] =>
  [...changed].map(([price, quantity]) => [formatAmount(BigInt(price)), formatAmount(BigInt(quantity))]);
