import type { Finding, Stack } from "../rule.ts";

/** Which resources of a type have none of another type beside them, of the same name in the same namespace. */
export function missingBeside(stack: Stack, type: string, other: string, wanted: string): readonly Finding[] {
  const there = new Set(
    stack.ofType(other).map((each) => `${each.text("metadata.namespace")}/${each.text("metadata.name")}`),
  );
  return stack.judgeEach(stack.ofType(type), (resource) =>
    there.has(`${resource.text("metadata.namespace")}/${resource.text("metadata.name")}`)
      ? []
      : [{ resource, property: wanted, found: "none", wanted: "one" }],
  );
}
