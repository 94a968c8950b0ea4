import type { At, Call, Step } from "@castle/dr-runbooks/engine/step.ts";

/** What of a context stands for which service of AWS. */
const services: Readonly<Record<string, Call["service"]>> = {
  witness: "dynamodb",
  globalDatabase: "rds",
  globalCache: "elasticache",
  endpoint: "globalaccelerator",
};

/**
 * The services that a step's functions reach for, found by letting each of them loose on a context in which everything
 * answers something: numbers are 1, lists are empty, whatever is called returns the same again.
 */
export async function servicesReached(step: Step<never>): Promise<Set<Call["service"]>> {
  const reached = new Set<Call["service"]>();
  const context = anything((name) => {
    const service = services[name];
    if (service) reached.add(service);
  });
  const parts = [step.precondition, step.isDone, step.run, step.verify, step.undo?.run];
  for (const part of parts) {
    if (!part) continue;
    const stop = new AbortController();
    const at: At = { signal: stop.signal, note: () => stop.abort() };
    // What becomes of it is of no interest: most of them fail on a world like this.
    await (async () => part(context as never, at))().catch(() => undefined);
  }
  return reached;
}

/** Answers to every name, call, index and comparison. */
function anything(seen: (name: string) => void): unknown {
  const itself: unknown = new Proxy(() => undefined, {
    get: (_, name) => {
      if (name === Symbol.toPrimitive) return () => 1;
      if (name === Symbol.iterator) return () => [][Symbol.iterator]();
      // Not a promise: whoever awaits it has it.
      if (name === "then") return undefined;
      if (typeof name === "string") seen(name);
      return itself;
    },
    apply: () => itself,
  });
  return itself;
}
