import { setTimeout as sleep } from "node:timers/promises";
import type { Duration } from "@castle/regions/duration.ts";

/**
 * Asks one after the other, the next as soon as the one before has failed or kept silent for `patience`; what is
 * answered first counts. So what two regions can tell is told without waiting for the one that is lost.
 * @throws AggregateError when none answers
 */
export async function firstAnswer<Answer>(
  asks: readonly (() => Promise<Answer>)[],
  patience: Duration,
): Promise<Answer> {
  const done = new AbortController();
  const asked: Promise<Answer>[] = [];
  let before: Promise<unknown> = Promise.resolve();
  for (const ask of asks) {
    const turn = before.then(() => {
      if (done.signal.aborted) throw new Error("answered meanwhile");
      return ask();
    });
    asked.push(turn);
    // Whether it failed or is silent, the next has its turn.
    before = Promise.race([
      before.then(() => sleep(patience.ms, undefined, { signal: done.signal })),
      turn.then(
        () => never,
        () => undefined,
      ),
    ]).catch(() => undefined);
  }
  try {
    return await Promise.any(asked);
  } finally {
    done.abort();
  }
}

const never = new Promise<never>(() => undefined);
