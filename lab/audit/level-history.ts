import type { Seq, Side } from "@castle/services/kernel/domain/command.ts";

interface Changes {
  readonly seqs: Seq[];
  readonly quantities: bigint[];
}

export interface Level {
  readonly price: bigint;
  readonly quantity: bigint;
}

/** Every change of every price level of one symbol's book: what stood where, after any command. */
export class LevelHistory {
  readonly #sides: Readonly<Record<Side, Map<bigint, Changes>>> = { BUY: new Map(), SELL: new Map() };
  /** What each command changed, at [seq − 1]. */
  readonly #changed: (readonly (readonly [Side, bigint])[])[] = [];

  /** The last command whose changes are known. */
  get lastSeq(): Seq {
    return this.#changed.length;
  }

  /** The next command's changes: the absolute quantity that then stood at each price. Seqs follow one another from 1. */
  add(levels: readonly { readonly side: Side; readonly price: string; readonly quantity: string }[]): void {
    const seq = this.#changed.length + 1;
    this.#changed.push(
      levels.map(({ side, price, quantity }) => {
        const at = BigInt(price);
        const changes = this.#sides[side].get(at) ?? { seqs: [], quantities: [] };
        changes.seqs.push(seq);
        changes.quantities.push(BigInt(quantity));
        this.#sides[side].set(at, changes);
        return [side, at] as const;
      }),
    );
  }

  /** What stood at a price after the command `seq`; 0 where nothing did. */
  quantityAt(side: Side, price: bigint, seq: Seq): bigint {
    const changes = this.#sides[side].get(price);
    return changes ? before(changes, seq) : 0n;
  }

  /** Prices whose quantity after `to` differs from the one before `from`. */
  changedBetween(from: Seq, to: Seq): (readonly [Side, bigint])[] {
    const seen = new Set<string>();
    return this.#changed
      .slice(from - 1, to)
      .flat()
      .filter(([side, price]) => {
        const key = `${side}${price}`;
        if (seen.has(key)) return false;
        seen.add(key);
        return this.quantityAt(side, price, to) !== this.quantityAt(side, price, from - 1);
      });
  }

  /** One side of the book after the command `seq`, best price first. */
  side(side: Side, seq: Seq): Level[] {
    const levels: Level[] = [];
    for (const [price, changes] of this.#sides[side]) {
      const quantity = before(changes, seq);
      if (quantity > 0n) levels.push({ price, quantity });
    }
    const lowestFirst = side === "SELL" ? 1 : -1;
    return levels.sort((a, b) => (a.price < b.price ? -lowestFirst : lowestFirst));
  }
}

/** The last quantity not later than `seq`, by bisection. */
function before({ seqs, quantities }: Changes, seq: Seq): bigint {
  let low = 0;
  let high = seqs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((seqs[middle] ?? 0) <= seq) low = middle + 1;
    else high = middle;
  }
  return quantities[low - 1] ?? 0n;
}
