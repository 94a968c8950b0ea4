import { NormalizedSchema } from "@smithy/core/schema";
import type { $SchemaRef } from "@smithy/types";
import type { Path, Problem } from "../schema/problems.ts";
import { readText } from "./text.ts";

/** A form's parameters, `Filters.Filter.1.Name=region`, folded at the dots. */
export interface FormNode {
  text: string | null;
  readonly children: Map<string, FormNode>;
}

export interface FormReading {
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

const emptyNode = (): FormNode => ({ text: null, children: new Map() });

/** @returns the folded form, or the name of a parameter that is given twice. */
export function foldForm(form: URLSearchParams): FormNode | { readonly givenTwice: string } {
  const root = emptyNode();
  for (const [key, text] of form) {
    let node = root;
    for (const step of key.split(".")) {
      const child = node.children.get(step) ?? emptyNode();
      node.children.set(step, child);
      node = child;
    }
    if (node.text !== null) return { givenTwice: key };
    node.text = text;
  }
  return root;
}

/**
 * Reads a folded form as the value its schema describes: the reverse of the SDK's QueryShapeSerializer. Lists are
 * `Name.item.N` (`item` is the trait xmlName of the list's member, "member" without it), or `Name.N` when flattened.
 */
export function readForm(schema: $SchemaRef, form: FormNode): FormReading {
  const problems: Problem[] = [];
  const value = readNode(NormalizedSchema.of(schema), form, [], problems);
  return { value, problems };
}

function readNode(schema: NormalizedSchema, node: FormNode, path: Path, problems: Problem[]): unknown {
  // A text where members or items belong, `Filters=x`, is handed on as it is. An empty one is the SDK's empty list.
  if ((schema.isStructSchema() || schema.isListSchema() || schema.isMapSchema()) && node.text)
    return node.text;
  if (schema.isStructSchema()) return readStructure(schema, node, path, problems);
  if (schema.isListSchema()) return readList(schema, node, path, problems);
  if (schema.isMapSchema()) return readMap(schema, node, path, problems);

  for (const stray of node.children.keys()) problems.push({ path: [...path, stray], is: "unknown" });
  // Children without a text of their own, `MaxRecords.1=20`: nothing was given for the member itself.
  return node.text === null ? undefined : readText(schema, node.text);
}

function readStructure(
  schema: NormalizedSchema,
  node: FormNode,
  path: Path,
  problems: Problem[],
): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  const unread = new Set(node.children.keys());
  for (const [name, member] of schema.structIterator()) {
    const key = wireName(member, name);
    const child = node.children.get(key);
    if (child === undefined) continue;
    unread.delete(key);
    value[name] = readNode(member, child, [...path, name], problems);
  }
  for (const stray of unread) problems.push({ path: [...path, stray], is: "unknown" });
  return value;
}

function readList(schema: NormalizedSchema, node: FormNode, path: Path, problems: Problem[]): unknown[] {
  const item = schema.getValueSchema();
  const itemName = wireName(item, "member");
  const flattened = schema.getMergedTraits().xmlFlattened !== undefined;
  const holder = flattened ? node : node.children.get(itemName);
  if (!flattened)
    for (const stray of node.children.keys())
      if (stray !== itemName) problems.push({ path: [...path, stray], is: "unknown" });

  const items = [...(holder?.children ?? [])].sort(([a], [b]) => Number(a) - Number(b));
  return items.flatMap(([position, child], index) => {
    if (position !== String(index + 1)) {
      problems.push({ path: [...path, position], is: "unknown" });
      return [];
    }
    return [readNode(item, child, [...path, index], problems)];
  });
}

/** `Name.entry.N.key` and `Name.entry.N.value`, or `Name.N.key` when flattened; some models spell key and value their own way. */
function readMap(
  schema: NormalizedSchema,
  node: FormNode,
  path: Path,
  problems: Problem[],
): Record<string, unknown> {
  const [keyName, valueName] = [
    wireName(schema.getKeySchema(), "key"),
    wireName(schema.getValueSchema(), "value"),
  ];
  const flattened = schema.getMergedTraits().xmlFlattened !== undefined;
  const holder = flattened ? node : node.children.get("entry");
  if (!flattened)
    for (const stray of node.children.keys())
      if (stray !== "entry") problems.push({ path: [...path, stray], is: "unknown" });

  const entries = [...(holder?.children ?? [])].flatMap(([position, { children }]): [string, unknown][] => {
    const key = children.get(keyName)?.text;
    const value = children.get(valueName);
    for (const stray of children.keys())
      if (stray !== keyName && stray !== valueName)
        problems.push({ path: [...path, position, stray], is: "unknown" });
    if (key == null) {
      problems.push({ path: [...path, position, keyName], is: "missing" });
      return [];
    }
    return [[key, value && readNode(schema.getValueSchema(), value, [...path, key], problems)]];
  });
  return Object.fromEntries(entries);
}

const wireName = (schema: NormalizedSchema, fallback: string): string => {
  const { xmlName } = schema.getMergedTraits();
  return typeof xmlName === "string" ? xmlName : fallback;
};
