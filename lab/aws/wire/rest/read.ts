import { NormalizedSchema } from "@smithy/core/schema";
import type { $SchemaRef } from "@smithy/types";
import type { Problem } from "../../schema/problems.ts";
import type { WireRequest } from "../protocol.ts";
import { readText } from "../text.ts";
import { bindingOf } from "./bindings.ts";
import { type Match, targetOf } from "./route.ts";

export interface BoundInput {
  readonly value: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
}

/**
 * Reads the members that stand in path, query and headers: the reverse of the SDK's HttpBindingProtocol. The body is read
 * by the protocol, in its own language.
 *
 * A query parameter that nothing is bound to is a problem. A header is not: there are those of HTTP, of the signature and
 * of every proxy.
 */
export function readBound(input: $SchemaRef, { route, labels }: Match, request: WireRequest): BoundInput {
  const schema = NormalizedSchema.of(input);
  const query = parametersOf(request);
  for (const key of ["x-id", ...route.query.keys()]) query.delete(key);
  const value: Record<string, unknown> = {};
  if (schema.isStructSchema()) {
    const members = [...schema.structIterator()];
    for (const [name, member] of members) {
      const given = readMember(member, { label: labels.get(name), query, request });
      if (given !== undefined) value[name] = given;
    }
    // What is left over belongs to the member that takes every parameter, if there is one.
    const rest = members.find(([, member]) => bindingOf(member, "request").is === "query-params");
    if (rest && query.size > 0) {
      value[rest[0]] = Object.fromEntries([...query].map(([key, [text]]) => [key, text]));
      query.clear();
    }
  }
  return { value, problems: [...query.keys()].map((key) => ({ path: [key], is: "unknown" })) };
}

interface Places {
  readonly label: string | undefined;
  /** What is read is taken out. */
  readonly query: Map<string, string[]>;
  readonly request: WireRequest;
}

function readMember(member: NormalizedSchema, { label, query, request }: Places): unknown {
  const binding = bindingOf(member, "request");
  switch (binding.is) {
    case "label":
      return label === undefined ? undefined : readText(member, label);
    case "query": {
      const texts = query.get(binding.name);
      query.delete(binding.name);
      if (texts === undefined) return undefined;
      if (member.isListSchema()) return texts.map((text) => readText(member.getValueSchema(), text));
      // A parameter that is given twice is not of its type.
      return texts.length === 1 ? readText(member, texts[0] ?? "") : texts;
    }
    case "header": {
      const text = headerOf(request, binding.name);
      if (text === undefined) return undefined;
      if (!member.isListSchema()) return readText(member, text);
      return text.split(",").map((item) => readText(member.getValueSchema(), item.trim()));
    }
    case "prefix-headers": {
      const found = Object.keys(request.headers)
        .filter((name) => name.startsWith(binding.prefix))
        .map((name) => [name.slice(binding.prefix.length), headerOf(request, name)]);
      return found.length === 0 ? undefined : Object.fromEntries(found);
    }
    case "query-params":
    case "payload":
    case "status":
    case "body":
      return undefined;
    default:
      return binding satisfies never;
  }
}

function parametersOf(request: WireRequest): Map<string, string[]> {
  const parameters = new Map<string, string[]>();
  for (const [key, text] of targetOf(request).searchParams)
    parameters.set(key, [...(parameters.get(key) ?? []), text]);
  return parameters;
}

const headerOf = ({ headers }: WireRequest, name: string): string | undefined => {
  const given = headers[name];
  return Array.isArray(given) ? given.join(", ") : given;
};
