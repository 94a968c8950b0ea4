import type { Resource, StackGraph } from "../graph/graph.ts";

/**
 * Where each resource stands, by URN: the classes of the components it is in, its own name without theirs, and its type:
 * `Castle/RegionalCell/CellNetwork/endpoints aws:ec2/securityGroup:SecurityGroup`. Components of one class beside each
 * other are told apart by their names: `CellStorage/KeptBucket:logs`.
 */
export function pathsOf({ resources }: StackGraph): ReadonlyMap<string, string> {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const alike = new Map<string, number>();
  for (const { parent, type } of resources)
    alike.set(`${parent} ${type}`, (alike.get(`${parent} ${type}`) ?? 0) + 1);

  const segment = (resource: Resource, parent: Resource | undefined): string => {
    const short =
      parent && resource.name.startsWith(`${parent.name}-`)
        ? resource.name.slice(parent.name.length + 1)
        : resource.name;
    if (resource.kind !== "component") return short;
    const label = resource.type.split(":").at(-1) ?? resource.type;
    return (alike.get(`${resource.parent} ${resource.type}`) ?? 0) > 1 ? `${label}:${short}` : label;
  };
  const segments = (resource: Resource): string[] => {
    const parent = resource.parent === null ? undefined : byUrn.get(resource.parent);
    if (!parent || parent.kind === "stack") return [segment(resource, undefined)];
    return [...segments(parent), segment(resource, parent)];
  };
  return new Map(
    resources.map((resource) => [
      resource.urn,
      resource.kind === "stack" ? "" : `${segments(resource).join("/")} ${resource.type}`,
    ]),
  );
}
