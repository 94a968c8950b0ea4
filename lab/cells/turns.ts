/** Pieces of work on one key run one after the other; on different keys, side by side. */
export class Turns<Key> {
  readonly #last = new Map<Key, Promise<unknown>>();
  readonly #running = new Map<Key, number>();

  /** Whether work on this key is under way or waiting. */
  busy(key: Key): boolean {
    return (this.#running.get(key) ?? 0) > 0;
  }

  take<Result>(key: Key, work: () => Promise<Result>): Promise<Result> {
    this.#running.set(key, (this.#running.get(key) ?? 0) + 1);
    const before = this.#last.get(key) ?? Promise.resolve();
    const mine = before.then(work, work).finally(() => {
      this.#running.set(key, (this.#running.get(key) ?? 1) - 1);
    });
    this.#last.set(
      key,
      mine.catch(() => undefined),
    );
    return mine;
  }
}
