import type { Resource } from "../graph/graph.ts";
import { isList, isMark, isRecord, type Value } from "../graph/value.ts";

/** Leaves of a resource's inputs and options by their path: `inputs.tags.Name`, `options.protect`. */
export type Leaves = ReadonlyMap<string, string>;

/**
 * Every property as text, by its path.
 * @param placeOf tells the same of a URN in both stacks, so that what a value is made of can be compared
 */
export function leavesOf(resource: Resource, placeOf: (urn: string) => string): Leaves {
  const leaves = new Map<string, string>();
  const add = (path: string, value: Value | undefined): void => {
    if (value === undefined) return;
    if (isRecord(value) && typeof value.$resource === "string") {
      leaves.set(path, `resource ${placeOf(value.$resource)}`);
      return;
    }
    if (isRecord(value) && !isMark(value) && Object.keys(value).length > 0) {
      for (const [key, inner] of Object.entries(value)) add(`${path}.${key}`, inner);
      return;
    }
    if (isList(value) && value.length > 0) {
      for (const [i, inner] of value.entries()) add(`${path}[${i}]`, inner);
      return;
    }
    leaves.set(path, typeof value === "string" ? value : JSON.stringify(value));
  };

  const { propertyDependencies, dependencies, provider, providers, ...plain } = resource.options;
  add("kind", resource.kind);
  add("inputs", resource.inputs);
  add("options", plain as unknown as Value);
  if (provider) add("options.provider", placeOf(provider));
  for (const [name, urn] of Object.entries(providers)) add(`options.providers.${name}`, placeOf(urn));
  const places = (urns: readonly string[]): string[] => urns.map(placeOf).toSorted();
  const byProperty = Object.entries(propertyDependencies);
  for (const [property, urns] of byProperty) add(`made of.inputs.${property}`, places(urns).join(", "));
  const implied = new Set(byProperty.flatMap(([, urns]) => urns));
  const explicit = dependencies.filter((urn) => !implied.has(urn));
  if (explicit.length > 0) add("options.dependsOn", places(explicit).join(", "));
  return leaves;
}
