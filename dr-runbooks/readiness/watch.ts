import { setTimeout as sleep } from "node:timers/promises";
import type { Duration } from "@castle/regions/duration.ts";
import type { Connections } from "./connections.ts";
import { lookAtReadiness, type Readiness } from "./readiness.ts";

/** Looks again and again, a look each `every` or as soon as the one before has ended, until the signal is aborted. */
export async function watchReadiness(
  connections: Connections,
  options: {
    readonly every: Duration;
    readonly signal: AbortSignal;
    readonly onLook: (now: Readiness, before: Readiness | null) => void;
  },
): Promise<void> {
  const { every, signal, onLook } = options;
  const ended = new Promise<null>((resolve) =>
    signal.addEventListener("abort", () => resolve(null), { once: true }),
  );
  let before: Readiness | null = null;
  while (!signal.aborted) {
    // A look under way is not waited for: it changes nothing.
    const now = await Promise.race([lookAtReadiness(connections), ended]);
    if (now === null) return;
    onLook(now, before);
    before = now;
    const left = Math.max(0, now.at + every.ms - Date.now());
    await sleep(left, undefined, { signal }).catch(() => undefined);
  }
}

/** The checks that came to another outcome than in the look before; in the first look, all of them. Pure. */
export const changedChecks = (now: Readiness, before: Readiness | null): Readiness["checks"] => {
  const outcomes = new Map(before?.checks.map(({ name, outcome }) => [name, outcome]));
  return now.checks.filter(({ name, outcome }) => outcomes.get(name) !== outcome);
};
