import type { Resource, StackGraph } from "../graph/graph.ts";

/**
 * Where each resource stands, by URN: the names of all it is in and its own, and its type:
 * `cell/network/flow-logs aws:cloudwatch/logGroup:LogGroup`. A name that begins with its parent's is told without it.
 */
export function pathsOf({ resources }: StackGraph): ReadonlyMap<string, string> {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const names = (resource: Resource): string[] => {
    const parent = resource.parent === null ? undefined : byUrn.get(resource.parent);
    if (!parent || parent.kind === "stack") return [resource.name];
    const short = resource.name.startsWith(`${parent.name}-`)
      ? resource.name.slice(parent.name.length + 1)
      : resource.name;
    return [...names(parent), short];
  };
  return new Map(
    resources.map((resource) => [
      resource.urn,
      resource.kind === "stack" ? "" : `${names(resource).join("/")} ${resource.type}`,
    ]),
  );
}
