interface Waiting {
  readonly turn: () => void;
}

const TICK_MS = 20;

/**
 * Paces everything that is not a scheduled request: resending what was not executed, asking for what is unknown. Each
 * waits out its own delay, then its turn within the rate, so that an outage is not followed by a second one made of
 * retries.
 */
export class SecondChances {
  readonly #ready: Waiting[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #tick: NodeJS.Timeout;
  #rate: number;
  #allowance = 0;

  /** @param rate turns a second */
  constructor(rate: number) {
    this.#rate = rate;
    this.#tick = setInterval(() => this.#grant(), TICK_MS);
  }

  set rate(turnsPerSecond: number) {
    this.#rate = turnsPerSecond;
  }

  /** Resolves after the delay, when it is this one's turn. */
  turn(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        this.#ready.push({ turn: resolve });
      }, delayMs);
      this.#timers.add(timer);
    });
  }

  /** Nothing is granted any more; who waits, waits for ever. */
  close(): void {
    clearInterval(this.#tick);
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #grant(): void {
    if (this.#ready.length === 0) {
      this.#allowance = 0;
      return;
    }
    this.#allowance += (this.#rate * TICK_MS) / 1_000;
    const granted = this.#ready.splice(0, Math.floor(this.#allowance));
    this.#allowance -= granted.length;
    for (const { turn } of granted) turn();
  }
}

/** Doubling with each attempt (from 0) up to `most`, half of it left to chance so that retries spread. */
export function backoff(attempt: number, first: number, most: number, chance: number): number {
  const full = Math.min(most, first * 2 ** attempt);
  return full / 2 + (full / 2) * chance;
}
