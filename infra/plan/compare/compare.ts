import type { StackGraph } from "../graph/graph.ts";
import { type Allowance, matches } from "./allowance.ts";
import { type Fact, inOwnWords } from "./facts.ts";
import { pathsOf } from "./paths.ts";
import { leavesOf } from "./properties.ts";

/** Where the two cells differ; `null` where one has nothing. */
export interface Difference {
  /** Path and type of the resource, in the words both cells share. */
  readonly resource: string;
  /** Path of the property; null when one cell alone has the resource. */
  readonly property: string | null;
  readonly home: string | null;
  readonly peer: string | null;
}

export interface Comparison {
  readonly home: string;
  readonly peer: string;
  /** Resources that both cells have, and properties of them. */
  readonly resources: number;
  readonly properties: number;
  /** By fact: how many properties differ by that alone. */
  readonly byFact: Readonly<Record<string, number>>;
  readonly explained: readonly {
    readonly allowance: Allowance;
    readonly differences: readonly Difference[];
  }[];
  /** Nobody has said why: each fails the plan. */
  readonly unexplained: readonly Difference[];
  /** Allowances that allow nothing any more: each fails the plan. */
  readonly unused: readonly Allowance[];
}

export interface Cell {
  readonly graph: StackGraph;
  readonly facts: readonly Fact[];
}

/** Compares all that both stacks ask for, property by property, each in its own words. */
export function compare(home: Cell, peer: Cell, allowances: readonly Allowance[]): Comparison {
  const [ours, theirs] = [described(home), described(peer)];
  const parents = { home: parentsOf(home), peer: parentsOf(peer) };
  const byFact: Record<string, number> = {};
  const differences: Difference[] = [];
  let [resources, properties] = [0, 0];

  for (const place of new Set([...ours.keys(), ...theirs.keys()])) {
    const [a, b] = [ours.get(place), theirs.get(place)];
    if (!a || !b) {
      // What is in a component that the other cell does not have is not there either, which need not be said.
      const parent = (a ? parents.home : parents.peer).get(place);
      const has = (side: ReadonlyMap<string, unknown>): boolean => parent !== undefined && side.has(parent);
      if (parent !== undefined && !(has(ours) && has(theirs))) continue;
      const only = { home: a ? HERE : null, peer: b ? HERE : null };
      differences.push({ resource: place, property: null, ...only });
      continue;
    }
    if (place !== OUTPUTS) resources += 1;
    for (const property of new Set([...a.keys(), ...b.keys()])) {
      properties += 1;
      const [x, y] = [a.get(property), b.get(property)];
      if (x?.text !== y?.text) {
        differences.push({ resource: place, property, home: x?.raw ?? null, peer: y?.raw ?? null });
      } else if (x && y && x.raw !== y.raw) {
        for (const fact of new Set([...x.used, ...y.used])) byFact[fact] = (byFact[fact] ?? 0) + 1;
      }
    }
  }

  const explained = allowances.map((allowance) => ({ allowance, differences: [] as Difference[] }));
  const unexplained = differences.filter((difference) => {
    const by = explained.filter(({ allowance }) => allows(allowance, difference));
    // All that allow it are of use: one that is wider than another hides none.
    for (const { differences: list } of by) list.push(difference);
    return by.length === 0;
  });
  return {
    home: home.graph.stack,
    peer: peer.graph.stack,
    resources,
    properties,
    byFact,
    explained: explained.filter((one) => one.differences.length > 0),
    unexplained,
    unused: explained.filter((one) => one.differences.length === 0).map(({ allowance }) => allowance),
  };
}

const HERE = "there";
const OUTPUTS = "outputs of the stack";

interface Leaf {
  readonly raw: string;
  /** In words both cells share. */
  readonly text: string;
  readonly used: readonly string[];
}

/** By place: the place of the component it is in, below the stack. */
function parentsOf({ graph, facts }: Cell): ReadonlyMap<string, string> {
  const words = inOwnWords(facts);
  const paths = pathsOf(graph);
  return new Map(
    graph.resources.flatMap(({ urn, parent }) => {
      const [place, above] = [paths.get(urn), parent === null ? undefined : paths.get(parent)];
      return place && above ? [[words(place).text, words(above).text] as const] : [];
    }),
  );
}

/** By place: every property of the resource there. */
function described({ graph, facts }: Cell): Map<string, Map<string, Leaf>> {
  const words = inOwnWords(facts);
  const paths = pathsOf(graph);
  const placeOf = (urn: string): string => words(paths.get(urn) ?? urn).text;
  // What is made of the key is the same in both cells, though the key is of one type here and its replica of another.
  const nameOf = (urn: string): string => placeOf(urn).split(" ")[0] ?? "";
  const all = graph.resources.filter(({ kind }) => kind !== "stack");
  return new Map([
    ...all.map((resource): [string, Map<string, Leaf>] => [
      placeOf(resource.urn),
      new Map(
        [...leavesOf(resource, nameOf)].map(([path, raw]) => [words(path).text, { raw, ...words(raw) }]),
      ),
    ]),
    [OUTPUTS, outputsOf(graph, words)],
  ]);
}

function outputsOf({ outputs }: StackGraph, words: ReturnType<typeof inOwnWords>): Map<string, Leaf> {
  return new Map(
    Object.entries(outputs).map(([name, value]) => {
      const raw = typeof value === "string" ? value : JSON.stringify(value);
      return [name, { raw, ...words(raw) }];
    }),
  );
}

function allows({ resource, property, only }: Allowance, difference: Difference): boolean {
  if (!matches(resource, difference.resource)) return false;
  if (only && (only === "home" ? difference.peer : difference.home) !== null) return false;
  return property === undefined
    ? difference.property === null && only !== undefined
    : difference.property !== null && matches(property, difference.property);
}
