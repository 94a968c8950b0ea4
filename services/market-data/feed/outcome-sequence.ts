import type { Seq } from "../../kernel/domain/command.ts";
import type { Outcome } from "../../kernel/domain/outcome.ts";

/** Outcomes that wait behind a gap, at most: what is beyond comes from the database like the gap itself. */
const MOST_HELD = 5_000;

/**
 * Puts one stream's outcomes in order, from whatever arrives in whatever order and however often: each is handed on
 * once, and none before the one ahead of it.
 */
export class OutcomeSequence {
  #position: Seq;
  readonly #held = new Map<Seq, Outcome>();

  /** @param position the seq after which to begin */
  constructor(position: Seq) {
    this.#position = position;
  }

  /** The seq of the last outcome handed on. */
  get position(): Seq {
    return this.#position;
  }

  /** Whether something has arrived that cannot be handed on because what precedes it is missing. */
  get missing(): boolean {
    return this.#held.size > 0;
  }

  /** The first of what waits for what precedes it. */
  get firstHeld(): Seq {
    return Math.min(...this.#held.keys());
  }

  /** @returns what may be handed on now, in order */
  take(arrived: Iterable<Outcome>): Outcome[] {
    const next: Outcome[] = [];
    for (const outcome of arrived) {
      if (outcome.seq <= this.#position) continue;
      if (outcome.seq > this.#position + 1) {
        if (this.#held.size < MOST_HELD) this.#held.set(outcome.seq, outcome);
        continue;
      }
      for (let one: Outcome | undefined = outcome; one; one = this.#held.get(this.#position + 1)) {
        this.#position = one.seq;
        this.#held.delete(one.seq);
        next.push(one);
      }
    }
    return next;
  }
}
