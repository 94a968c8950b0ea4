import type { Resource, StackGraph } from "../graph/graph.ts";
import type { Finding } from "./finding.ts";
import { isGlobal, physicalName } from "./physical-names.ts";

/** No two resources of a stack with the same URN; no two of all stacks with the same physical name in one place. */
export const nameFindings = (graphs: readonly StackGraph[]): Finding[] => [
  ...graphs.flatMap(sameUrn),
  ...samePhysicalName(graphs),
];

function sameUrn({ stack, resources }: StackGraph): Finding[] {
  return [...groupBy(resources, ({ urn }) => urn).values()].flatMap((same) => {
    const [first] = same;
    if (!first || same.length === 1) return [];
    const message = `${same.length} resources of type ${first.type} are named "${first.name}" in the same place: give each its own logical name`;
    return [{ check: "names", stack, resource: first.urn, message }];
  });
}

interface Placed {
  readonly stack: string;
  readonly resource: Resource;
}

function samePhysicalName(graphs: readonly StackGraph[]): Finding[] {
  const named = graphs.flatMap((graph) => {
    const byUrn = new Map(graph.resources.map((resource) => [resource.urn, resource]));
    return graph.resources.flatMap((resource) => {
      const name = physicalName(resource);
      if (name === null) return [];
      return [
        {
          key: `${placeOf(graph, resource, byUrn)} ${resource.type} ${name}`,
          name,
          stack: graph.stack,
          resource,
        },
      ];
    });
  });
  return [...groupBy(named, ({ key }) => key).values()].flatMap((same) => {
    const [first, ...others] = same;
    if (
      !first ||
      others.every(({ stack, resource }) => stack === first.stack && resource.urn === first.resource.urn)
    )
      return [];
    const who = same.map((one) => tell(one)).join(", ");
    const message = `the physical name ${first.name} is given ${same.length} times (${who}): AWS refuses the second; give each its own`;
    return [{ check: "names", stack: first.stack, resource: first.resource.urn, message }];
  });
}

const tell = ({ stack, resource }: Placed): string => `${resource.name} of ${stack}`;

/** Where a physical name must be unique: an account, one of its regions, a cluster. */
function placeOf(
  graph: StackGraph,
  { type, options }: Resource,
  byUrn: ReadonlyMap<string, Resource>,
): string {
  if (isGlobal(type)) return "everywhere";
  const provider = options.provider ? byUrn.get(options.provider) : undefined;
  const region = provider?.inputs.region;
  return typeof region === "string"
    ? region
    : `${graph.stack} ${options.provider ?? options.providers.aws ?? ""}`;
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
