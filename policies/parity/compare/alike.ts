import { NotKnown, type Resource, unknown } from "../../judged/resource.ts";
import type { Finding, Stack } from "../../rule.ts";

/** What is compared between the cells' resources of the same type and logical name. */
export interface Comparison {
  readonly types: readonly string[];
  /** Properties by their path; one that neither has is alike. */
  readonly properties: readonly string[];
  /** Which of them are a cell's own; all by default. */
  readonly only?: (resource: Resource) => boolean;
}

/** A finding for each property in which the peer differs from the home cell, and for each resource that one cell alone has. */
export function alike(
  home: Stack,
  peer: Stack,
  { types, properties, only = () => true }: Comparison,
): readonly Finding[] {
  const ours = home.ofType(...types).filter(only);
  const theirs = peer.ofType(...types).filter(only);
  return [
    ...home.judgeEach(ours, (resource) => {
      const other = counterpartOf(resource, theirs);
      return other ? differences(resource, other, properties) : [alone(resource, "home")];
    }),
    ...peer.judgeEach(theirs, (resource) => (counterpartOf(resource, ours) ? [] : [alone(resource, "peer")])),
  ];
}

const counterpartOf = (resource: Resource, others: readonly Resource[]): Resource | undefined =>
  others.find(({ type, name }) => type === resource.type && name === resource.name);

const alone = (resource: Resource, cell: string): Finding => ({
  resource,
  property: "resource",
  found: `in the ${cell} cell alone`,
  wanted: "in both cells",
});

const differences = (home: Resource, peer: Resource, properties: readonly string[]): readonly Finding[] =>
  properties.flatMap((property) => {
    const [wanted, found] = [said(home, property), said(peer, property)];
    return wanted === found
      ? []
      : [{ resource: peer, property, found, wanted: `${wanted}, as in the home cell` }];
  });

/** A value as text, lists and objects in one order; nothing of it may be unknown. */
function said(resource: Resource, property: string): string {
  const value = resource.value(property);
  if (value === undefined) return "none";
  return typeof value === "string" ? value : JSON.stringify(ordered(value, resource, property));
}

function ordered(value: unknown, resource: Resource, property: string): unknown {
  if (value === unknown) throw new NotKnown(resource.facts, property);
  if (Array.isArray(value)) return value.map((each) => ordered(each, resource, property));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, each]) => [key, ordered(each, resource, property)]),
  );
}
