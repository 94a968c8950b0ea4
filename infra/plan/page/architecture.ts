import { needsOf } from "../checks/circles.ts";
import type { Resource, StackGraph } from "../graph/graph.ts";
import { type Link, linksBetween } from "./links.ts";
import { isWhole, type Tier, tierOf } from "./tiers.ts";

/** A component as the picture shows it, with everything in it. */
export interface Box {
  /** Stack and URN. */
  readonly id: string;
  readonly stack: string;
  readonly label: string;
  readonly type: string;
  readonly tier: Tier;
  readonly resources: readonly Resource[];
}

/** Something in `from` is made of, waits for or is told of something in `to`. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** So many dependencies. */
  readonly count: number;
  /** Null within a stack; between stacks, what one is told of the other. */
  readonly what: string | null;
}

export interface Architecture {
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

/** The components of all stacks, and how they hang together, as the graphs say. */
export function architectureOf(graphs: readonly StackGraph[]): Architecture {
  const parts = graphs.map((graph) => boxesOf(graph));
  const boxOf = new Map(parts.flatMap(({ boxOf }) => [...boxOf]));
  return {
    boxes: parts.flatMap(({ boxes }) => boxes),
    arrows: [
      ...graphs.flatMap((graph) => arrowsWithin(graph, boxOf)),
      ...arrowsBetween(linksBetween(graphs), boxOf),
    ],
  };
}

interface Boxes {
  readonly boxes: readonly Box[];
  /** By URN of a resource: the id of the box it is in. */
  readonly boxOf: ReadonlyMap<string, string>;
}

/** Each component of a whole is a box, and so is what a whole holds besides. Providers are nobody's part. */
function boxesOf({ stack, resources }: StackGraph): Boxes {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const holderOf = (resource: Resource): Resource => {
    const chain = chainOf(resource, byUrn).filter(({ kind }) => kind === "component");
    return chain.find(({ type }) => !isWhole(type)) ?? chain.at(-1) ?? resource;
  };

  const held = new Map<Resource, Resource[]>();
  for (const resource of resources) {
    if (resource.kind === "stack" || resource.kind === "provider") continue;
    const holder = holderOf(resource);
    const all = held.get(holder);
    if (all) all.push(resource);
    else held.set(holder, [resource]);
  }
  const boxes: Box[] = [];
  const boxOf = new Map<string, string>();
  const alike = new Map<string, number>();
  for (const { type } of held.keys()) alike.set(type, (alike.get(type) ?? 0) + 1);
  for (const [holder, all] of held) {
    const { urn, type, name } = holder;
    const made = all.filter(({ kind }) => kind !== "component");
    if (made.length === 0) continue;
    const label = (alike.get(type) ?? 0) > 1 ? name : labelOf(type);
    const shared = chainOf(holder, byUrn).some((above) => tierOf(above.type) === "global");
    boxes.push({ id: urn, stack, label, type, tier: shared ? "global" : tierOf(type), resources: made });
    for (const resource of all) boxOf.set(resource.urn, urn);
  }
  return { boxes, boxOf };
}

/** From the one right under the stack down to the resource itself. */
function chainOf(resource: Resource, byUrn: ReadonlyMap<string, Resource>): Resource[] {
  const chain: Resource[] = [];
  for (
    let at: Resource | undefined = resource;
    at && at.kind !== "stack" && !chain.includes(at);
    at = at.parent === null ? undefined : byUrn.get(at.parent)
  )
    chain.unshift(at);
  return chain;
}

/** `AuroraMember` as `Aurora member`; that all in a cell is the cell's need not be said. */
function labelOf(type: string): string {
  const words = (type.split(":").at(-1) ?? type)
    .replace(/^Cell(?=[A-Z])/, "")
    .split(/(?<=[a-z])(?=[A-Z])/)
    .map((word) => (ABBREVIATIONS.has(word) ? word.toUpperCase() : word.toLowerCase()))
    .join(" ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const ABBREVIATIONS = new Set(["Dns", "Vpc"]);

function arrowsWithin({ resources }: StackGraph, boxOf: ReadonlyMap<string, string>): Arrow[] {
  const counts = new Map<string, Arrow>();
  for (const resource of resources) {
    const from = boxOf.get(resource.urn);
    for (const need of needsOf(resource)) {
      const to = boxOf.get(need);
      if (!from || !to || from === to || need === resource.parent) continue;
      const key = `${from} ${to}`;
      counts.set(key, { from, to, count: (counts.get(key)?.count ?? 0) + 1, what: null });
    }
  }
  return [...counts.values()];
}

function arrowsBetween(links: readonly Link[], boxOf: ReadonlyMap<string, string>): Arrow[] {
  const arrows = new Map<string, Arrow>();
  for (const { from, to, what } of links) {
    const [a, b] = [boxOf.get(from), boxOf.get(to)];
    if (!a || !b) continue;
    const key = `${a} ${b} ${what}`;
    arrows.set(key, { from: a, to: b, count: (arrows.get(key)?.count ?? 0) + 1, what });
  }
  return [...arrows.values()];
}
