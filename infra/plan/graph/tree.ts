import type { Resource, StackGraph } from "./graph.ts";

/** A resource and what is in it. */
export interface Branch {
  readonly resource: Resource;
  readonly children: readonly Branch[];
}

/** The stack's resources by what they are in, in the program's order. */
export function treeOf({ resources }: StackGraph): readonly Branch[] {
  const children = new Map<string | null, Resource[]>();
  for (const resource of resources) {
    const siblings = children.get(resource.parent);
    if (siblings) siblings.push(resource);
    else children.set(resource.parent, [resource]);
  }
  // A URN that is there twice would be its own way down twice: its children are told once.
  const told = new Set<string>();
  const branch = (resource: Resource): Branch => {
    if (told.has(resource.urn)) return { resource, children: [] };
    told.add(resource.urn);
    return { resource, children: (children.get(resource.urn) ?? []).map(branch) };
  };
  return (children.get(null) ?? []).map(branch);
}

export interface Counts {
  /** What would be made: custom resources, and remote components, which are more than one each. */
  readonly resources: number;
  readonly components: number;
  readonly remote: number;
  readonly read: number;
  readonly protected: number;
}

export function countsOf(resources: readonly Resource[]): Counts {
  const of = (...kinds: readonly Resource["kind"][]): number =>
    resources.filter(({ kind }) => kinds.includes(kind)).length;
  return {
    resources: of("custom", "remote", "provider"),
    components: of("component"),
    remote: of("remote"),
    read: of("read"),
    protected: resources.filter(({ options }) => options.protect).length,
  };
}

/** The branch's own resource and all below. */
export const allOf = ({ resource, children }: Branch): readonly Resource[] => [
  resource,
  ...children.flatMap(allOf),
];
