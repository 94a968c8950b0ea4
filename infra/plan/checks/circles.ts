import type { Resource, StackGraph } from "../graph/graph.ts";
import { nameOf } from "../graph/urn.ts";
import type { Finding } from "./finding.ts";

/** Every circle of resources that wait for each other, told once. */
export function circleFindings({ stack, resources }: StackGraph): Finding[] {
  const needs = new Map(resources.map((resource) => [resource.urn, needsOf(resource)]));
  const done = new Set<string>();
  const found: Finding[] = [];

  // Depth first with a stack of its own: a chain of dependencies may be long.
  for (const { urn: start } of resources) {
    const path: string[] = [];
    const onPath = new Set<string>();
    const open: { urn: string; rest: readonly string[] }[] = [];
    const enter = (urn: string): void => {
      path.push(urn);
      onPath.add(urn);
      open.push({ urn, rest: needs.get(urn) ?? [] });
    };
    if (!done.has(start)) enter(start);
    for (let at = open.at(-1); at; at = open.at(-1)) {
      const [next, ...rest] = at.rest;
      if (next === undefined) {
        done.add(at.urn);
        onPath.delete(at.urn);
        path.pop();
        open.pop();
        continue;
      }
      at.rest = rest;
      if (onPath.has(next)) found.push(circle(stack, [...path.slice(path.indexOf(next)), next]));
      else if (!done.has(next)) enter(next);
    }
  }
  return found;
}

/** Whatever must be there before it: what it depends on, what it is in, whom it is asked of. */
export const needsOf = ({ parent, options }: Resource): readonly string[] => [
  ...new Set([
    ...(parent ? [parent] : []),
    ...(options.provider ? [options.provider] : []),
    ...options.dependencies,
    ...Object.values(options.propertyDependencies).flat(),
  ]),
];

const circle = (stack: string, urns: readonly string[]): Finding => ({
  check: "circles",
  stack,
  resource: urns[0] ?? null,
  message: `${urns.map(nameOf).join(" → ")}: each waits for the next, and so none can be made; take one dependency out`,
});
