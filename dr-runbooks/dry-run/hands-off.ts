import type { Handover, HandoverCell } from "../handover.ts";
import type { CellTarget, Target } from "../target.ts";

/** A check tried to change something, in a dry run. */
export class WouldChange extends Error {
  constructor(what: string) {
    super(`a dry run changes nothing, and ${what} would`);
    this.name = "WouldChange";
  }
}

/**
 * The same target, with databases and journals that refuse every write by themselves: PostgreSQL enforces it, whatever
 * a check may ask.
 */
export function readOnlyTarget(target: Target): Target {
  const readOnly = (cell: CellTarget): CellTarget => ({
    ...cell,
    databaseUrl: readOnlyUrl(cell.databaseUrl),
    journalUrl: readOnlyUrl(cell.journalUrl),
  });
  const cells = Object.entries(target.cells).map(([region, cell]) => [region, readOnly(cell)]);
  return { ...target, cells: Object.fromEntries(cells) };
}

function readOnlyUrl(url: string): string {
  const readOnly = new URL(url);
  readOnly.searchParams.set("options", "-c default_transaction_read_only=on");
  return readOnly.href;
}

/** What steps work on, with everything taken away by which they could change AWS, the witness or a cache. */
export const handsOff = (context: Handover): Handover => ({
  ...context,
  witness: only("the witness", context.witness, ["read", "inspect"]),
  from: handsOffCell(context.from),
  to: handsOffCell(context.to),
});

export function handsOffCell(of: HandoverCell): HandoverCell {
  const cell = new Proxy(of.cell, {
    get: (target, name) =>
      name === "cache"
        ? only(`the cache in ${of.region}`, target.cache, ["role", "connected"])
        : Reflect.get(target, name, target),
  });
  return {
    ...of,
    cell,
    globalDatabase: only("the global database", of.globalDatabase, ["describe"]),
    globalCache: only("the global datastore", of.globalCache, ["describe"]),
    endpoint: only(`the endpoint in ${of.region}`, of.endpoint, ["weight"]),
    cluster: of.cluster && only(`the cluster in ${of.region}`, of.cluster, ["deployments", "pods"]),
    topic: of.topic && only(`the topic in ${of.region}`, of.topic, []),
  };
}

/** The same thing with these methods, and no others: whatever is added to it later is refused until it is let in. */
function only<Thing extends object>(what: string, thing: Thing, allowed: readonly (keyof Thing)[]): Thing {
  return new Proxy(thing, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      if (allowed.some((method) => method === name)) return value.bind(target);
      throw new WouldChange(`${String(name)} of ${what}`);
    },
  });
}
