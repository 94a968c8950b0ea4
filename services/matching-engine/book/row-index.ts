import { NO_ROW, type Row } from "./row.ts";

const FIRST_CAPACITY = 2_048;
/** No order has this id. */
const EMPTY = 0;

/**
 * Rows by order id: a hash table with open addressing. A `Map` takes two to four times the memory and the time for it,
 * and keeps the garbage collector busy.
 */
export class RowIndex {
  /** Order ids at their places, or as near behind them as there was room; a power of two in number. */
  #ids = new Float64Array(FIRST_CAPACITY);
  #rows = new Int32Array(FIRST_CAPACITY);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @returns {@link NO_ROW} for an id that is not there. */
  get(orderId: number): Row {
    const at = this.#find(orderId);
    return this.#ids[at] === EMPTY ? NO_ROW : (this.#rows[at] as Row);
  }

  /** @param orderId positive, and not there yet. */
  add(orderId: number, row: Row): void {
    if (2 * this.#size >= this.#ids.length) this.#grow();
    const at = this.#find(orderId);
    this.#ids[at] = orderId;
    this.#rows[at] = row;
    this.#size += 1;
  }

  /** Takes an id out that is there, and moves up what stood behind it for want of room: no search may end at a gap. */
  delete(orderId: number): void {
    const mask = this.#ids.length - 1;
    let gap = this.#find(orderId);
    for (let at = (gap + 1) & mask; this.#ids[at] !== EMPTY; at = (at + 1) & mask) {
      const id = this.#ids[at] as number;
      const distance = (at - this.#placeOf(id)) & mask;
      if (distance < ((at - gap) & mask)) continue;
      this.#ids[gap] = id;
      this.#rows[gap] = this.#rows[at] as Row;
      gap = at;
    }
    this.#ids[gap] = EMPTY;
    this.#size -= 1;
  }

  /** Where the id is, or would be added. */
  #find(orderId: number): number {
    const mask = this.#ids.length - 1;
    let at = this.#placeOf(orderId);
    while (this.#ids[at] !== orderId && this.#ids[at] !== EMPTY) at = (at + 1) & mask;
    return at;
  }

  /** Multiplicative hashing: ids come one after the other, and those that rest would stand in long runs otherwise. */
  #placeOf(orderId: number): number {
    const hash = Math.imul(orderId ^ (orderId / 2 ** 32), 0x9e3779b1);
    return (hash ^ (hash >>> 15)) & (this.#ids.length - 1);
  }

  #grow(): void {
    const ids = this.#ids;
    const rows = this.#rows;
    this.#ids = new Float64Array(2 * ids.length);
    this.#rows = new Int32Array(2 * ids.length);
    this.#size = 0;
    for (let at = 0; at < ids.length; at += 1)
      if (ids[at] !== EMPTY) this.add(ids[at] as number, rows[at] as Row);
  }
}
