interface Batch<Item> {
  readonly items: Item[];
  readonly committed: PromiseWithResolvers<void>;
}

export interface BatchesOptions<Item> {
  /** From the first item of a batch until it is committed, unless too many are under way. Milliseconds. */
  readonly gatherMs: number;
  /** So many batches may be under way; what comes meanwhile makes the next one larger. */
  readonly mostUnderWay: number;
  readonly commit: (items: readonly Item[]) => Promise<void>;
}

/** Gathers what comes at about the same time, and commits it together; several batches may be under way. */
export class Batches<Item> {
  readonly #options: BatchesOptions<Item>;
  #gathering: Batch<Item> | null = null;
  #due = false;
  #underWay = 0;

  constructor(options: BatchesOptions<Item>) {
    this.#options = options;
  }

  /** Resolves when the item's batch is committed. @throws what the commit failed with */
  add(item: Item): Promise<void> {
    if (!this.#gathering) {
      this.#gathering = { items: [], committed: Promise.withResolvers() };
      setTimeout(() => {
        this.#due = true;
        this.#next();
      }, this.#options.gatherMs);
    }
    this.#gathering.items.push(item);
    return this.#gathering.committed.promise;
  }

  #next(): void {
    const batch = this.#gathering;
    if (!batch || !this.#due || this.#underWay === this.#options.mostUnderWay) return;
    this.#gathering = null;
    this.#due = false;
    this.#underWay += 1;
    this.#options.commit(batch.items).then(batch.committed.resolve, batch.committed.reject);
    batch.committed.promise
      .catch(() => undefined) // told to whoever added
      .finally(() => {
        this.#underWay -= 1;
        this.#next();
      });
  }
}
