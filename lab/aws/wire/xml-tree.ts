import { NormalizedSchema } from "@smithy/core/schema";
import type { $SchemaRef } from "@smithy/types";
import type { Path, Problem } from "../schema/problems.ts";
import type { BodyReading } from "./rest/protocol.ts";
import { readText } from "./text.ts";

/**
 * Reads a parsed XML document as the value its schema describes: elements are objects by their children's names, repeated
 * ones arrays, leaves texts. The reverse of the SDK's XmlShapeSerializer.
 */
export function readTree(schema: $SchemaRef, tree: unknown): BodyReading {
  const problems: Problem[] = [];
  return { value: readNode(NormalizedSchema.of(schema), tree, [], problems), problems };
}

function readNode(schema: NormalizedSchema, node: unknown, path: Path, problems: Problem[]): unknown {
  if (schema.isStructSchema()) {
    // An element without children reads as an empty text.
    if (node === "") return {};
    return isElement(node) ? readStructure(schema, node, path, problems) : node;
  }
  if (schema.isListSchema()) return readList(schema, node, path, problems);
  return typeof node === "string" ? readText(schema, node) : node;
}

function readStructure(
  schema: NormalizedSchema,
  node: Readonly<Record<string, unknown>>,
  path: Path,
  problems: Problem[],
): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  const unread = new Set(Object.keys(node).filter((name) => !isNamespace(name)));
  for (const [name, member] of schema.structIterator()) {
    const key = elementName(member, name);
    if (!Object.hasOwn(node, key)) continue;
    unread.delete(key);
    value[name] = readNode(member, node[key], [...path, name], problems);
  }
  for (const stray of unread) problems.push({ path: [...path, stray], is: "unknown" });
  return value;
}

function readList(schema: NormalizedSchema, node: unknown, path: Path, problems: Problem[]): unknown {
  const item = schema.getValueSchema();
  const flattened = schema.getMergedTraits().xmlFlattened !== undefined;
  if (!flattened && node === "") return [];
  if (!flattened && !isElement(node)) return node;
  const items = flattened ? node : (node as Readonly<Record<string, unknown>>)[elementName(item, "member")];
  if (!flattened)
    for (const stray of Object.keys(node as object))
      if (stray !== elementName(item, "member") && !isNamespace(stray))
        problems.push({ path: [...path, stray], is: "unknown" });
  if (items === undefined) return [];
  return (Array.isArray(items) ? items : [items]).map((entry, at) =>
    readNode(item, entry, [...path, at], problems),
  );
}

const elementName = (schema: NormalizedSchema, fallback: string): string => {
  const { xmlName } = schema.getMemberTraits();
  return typeof xmlName === "string" ? xmlName : fallback;
};

const isNamespace = (name: string): boolean => name === "xmlns" || name.startsWith("xmlns:");

const isElement = (node: unknown): node is Readonly<Record<string, unknown>> =>
  typeof node === "object" && node !== null && !Array.isArray(node);
