import type { Resource } from "../../judged/resource.ts";

/** A text among a resource's inputs, with the path that leads to it. */
export interface Text {
  readonly property: string;
  readonly text: string;
}

/**
 * Every text in a resource's inputs, in lists and objects too. What is known only after deployment is another resource's
 * output, and is followed by the dependencies instead.
 */
export const textsOf = ({ facts }: Resource): readonly Text[] => textsIn(facts.props, []);

function textsIn(value: unknown, path: readonly string[]): readonly Text[] {
  if (typeof value === "string") return [{ property: path.join("."), text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => textsIn(each, [...path, key]));
}
