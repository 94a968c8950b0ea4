import type { Resource } from "../../judged/resource.ts";
import type { Finding } from "../../rule.ts";

/** A finding for each property that an update would send again: those that `ignoreChanges` does not name. */
export const leftAlone = (resource: Resource, properties: readonly string[]): readonly Finding[] => {
  const { ignoreChanges } = resource.facts;
  if (ignoreChanges.includes("*")) return [];
  return properties
    .filter((property) => !ignoreChanges.includes(property))
    .map((property) => ({
      resource,
      property,
      found: "sent again by an update",
      wanted: "in ignoreChanges",
    }));
};
