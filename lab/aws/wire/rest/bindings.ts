import { NormalizedSchema } from "@smithy/core/schema";
import type { $SchemaRef, StaticStructureSchema } from "@smithy/types";

/** Where in an HTTP message a member stands. */
export type Binding =
  | { readonly is: "label" }
  | { readonly is: "query"; readonly name: string }
  /** Every parameter that no other member names. */
  | { readonly is: "query-params" }
  /** In lower case, as Node tells headers. */
  | { readonly is: "header"; readonly name: string }
  /** Every header that begins so. */
  | { readonly is: "prefix-headers"; readonly prefix: string }
  /** The body is this member, and nothing else. */
  | { readonly is: "payload" }
  | { readonly is: "status" }
  /** One of the members of the body's document. */
  | { readonly is: "body" };

export type Side = "request" | "answer";

/** Traits that bind to a side count on that side alone: a query parameter of an answer stands in its body. */
export function bindingOf(member: NormalizedSchema, side: Side): Binding {
  const traits = member.getMergedTraits();
  const { httpHeader, httpPrefixHeaders, httpQuery } = traits;
  if (traits.httpPayload) return { is: "payload" };
  if (typeof httpHeader === "string") return { is: "header", name: httpHeader.toLowerCase() };
  if (typeof httpPrefixHeaders === "string")
    return { is: "prefix-headers", prefix: httpPrefixHeaders.toLowerCase() };
  if (side === "answer") return traits.httpResponseCode ? { is: "status" } : { is: "body" };
  if (traits.httpLabel) return { is: "label" };
  if (typeof httpQuery === "string") return { is: "query", name: httpQuery };
  return traits.httpQueryParams ? { is: "query-params" } : { is: "body" };
}

/** What the body holds: nothing, one member whole, or a document of those members that are bound to no other place. */
export type Body =
  | { readonly is: "nothing" }
  | { readonly is: "payload"; readonly name: string; readonly schema: NormalizedSchema }
  | { readonly is: "document"; readonly schema: StaticStructureSchema };

export function bodyOf(structure: $SchemaRef, side: Side): Body {
  const schema = NormalizedSchema.of(structure);
  if (!schema.isStructSchema()) return { is: "nothing" };
  for (const [name, member] of schema.structIterator())
    if (bindingOf(member, side).is === "payload") return { is: "payload", name, schema: member };

  const [, namespace, name, traits, names, types, required = 0] = schema.getSchema() as StaticStructureSchema;
  const unbound = names
    .map((member, at) => ({ member, type: types[at] as $SchemaRef, required: at < required }))
    .filter(({ member }) => bindingOf(schema.getMemberSchema(member), side).is === "body");
  if (unbound.length === 0) return { is: "nothing" };
  return {
    is: "document",
    schema: [
      3,
      namespace,
      name,
      traits,
      unbound.map(({ member }) => member),
      unbound.map(({ type }) => type),
      unbound.filter((member) => member.required).length,
    ],
  };
}
