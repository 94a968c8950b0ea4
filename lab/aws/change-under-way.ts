/**
 * At most one change of a resource at a time: AWS answers such an operation at once, shows the resource as changing, and
 * refuses another one until it has ended.
 */
export class ChangeUnderWay<Change> {
  #current: Change | null = null;
  #ended = 0;

  /**
   * Reads the real state and uses it together with the change under way, in one turn of the event loop.
   *
   * A state that was read before a change ended says nothing of what it brought: beside "no change under way" it would
   * look as if the change had failed. Such a state is read again.
   */
  async with<State, Result>(
    read: () => Promise<State>,
    use: (state: State, current: Change | null) => Result,
  ): Promise<Result> {
    for (;;) {
      const endedBefore = this.#ended;
      const state = await read();
      if (endedBefore === this.#ended) return use(state, this.#current);
    }
  }

  /**
   * Starts `work` and returns without waiting for it. Called from `with`, so that of two calls at the same moment one
   * sees the other's change.
   *
   * @param ended called once the change is over, with what made it fail, if anything did.
   */
  begin(change: Change, work: () => Promise<void>, ended: (failure: string | null) => void): void {
    if (this.#current !== null) throw new Error("a change is under way already");
    this.#current = change;
    const settle = (failure: string | null) => {
      this.#current = null;
      this.#ended += 1;
      ended(failure);
    };
    void Promise.resolve()
      .then(work)
      .then(
        () => settle(null),
        (cause: unknown) => settle(cause instanceof Error ? cause.message : String(cause)),
      );
  }
}
