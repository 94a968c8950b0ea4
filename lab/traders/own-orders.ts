/** What the traders know of an order of their own. */
interface Known {
  /** The platform said that it has the order. */
  there: boolean;
  /** It can change no more, as far as its trader was told. */
  closed: boolean;
}

const OPEN = new Set(["NEW", "PARTIALLY_FILLED"]);

/** The traders' own orders, from placing until their turn to be cancelled: who cancels what is closed learns nothing. */
export class OwnOrders {
  readonly #known = new Map<string, Known>();

  placed(clientOrderId: string): void {
    this.#known.set(clientOrderId, { there: false, closed: false });
  }

  /** The platform has it; `status` when it was told. */
  told(clientOrderId: string, status: string | null): void {
    const known = this.#known.get(clientOrderId);
    if (!known) return;
    known.there = true;
    if (status !== null && !OPEN.has(status)) known.closed = true;
  }

  /** Whether the order is worth cancelling. It is forgotten: an order's turn comes once. */
  takeToCancel(clientOrderId: string): boolean {
    const known = this.#known.get(clientOrderId);
    this.#known.delete(clientOrderId);
    return known?.there === true && !known.closed;
  }

  /** An order that needs no cancel, since it never rests. */
  forget(clientOrderId: string): void {
    this.#known.delete(clientOrderId);
  }
}
