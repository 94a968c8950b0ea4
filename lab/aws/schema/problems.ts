import { NormalizedSchema } from "@smithy/core/schema";
import type { $SchemaRef, StaticStructureSchema } from "@smithy/types";

/** One way in which a value is not what its schema says. */
export type Problem = { readonly path: Path } & (
  | { readonly is: "unknown" }
  | { readonly is: "missing" }
  | { readonly is: "wrong-type"; readonly value: unknown; readonly expected: string }
);

/** Member names, and positions in lists counted from 0. */
export type Path = readonly (string | number)[];

/**
 * How timestamps and blobs stand in a value: as `Date` and bytes once parsed, as seconds since the epoch and base64 in
 * JSON.
 */
export type Form = "parsed" | "json";

/**
 * Everything in which `value` departs from `schema`, in the order of the schema; empty when it fits. Members that are
 * undefined or null count as left out, as in the SDK.
 *
 * @throws Error when the schema holds a shape that none of the lab's operations uses yet.
 */
export function problemsOf(schema: $SchemaRef, value: unknown, form: Form): Problem[] {
  return walk(NormalizedSchema.of(schema), value, [], form);
}

function walk(schema: NormalizedSchema, value: unknown, path: Path, form: Form): Problem[] {
  const wrong = (expected: string): Problem[] => [{ path, is: "wrong-type", value, expected }];

  if (schema.isUnitSchema()) return value === undefined ? [] : wrong("nothing");
  if (schema.isStructSchema())
    return isPlainObject(value) ? walkMembers(schema, value, path, form) : wrong("structure");
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) return wrong("list");
    const item = schema.getValueSchema();
    return value.flatMap((entry, position) => walk(item, entry, [...path, position], form));
  }
  if (schema.isMapSchema()) {
    if (!isPlainObject(value)) return wrong("map");
    const item = schema.getValueSchema();
    return Object.entries(value).flatMap(([key, entry]) => walk(item, entry, [...path, key], form));
  }
  if (schema.isStringSchema()) return typeof value === "string" ? [] : wrong("string");
  if (schema.isBooleanSchema()) return typeof value === "boolean" ? [] : wrong("boolean");
  if (schema.isNumericSchema()) return Number.isFinite(value) ? [] : wrong("number");
  if (schema.isTimestampSchema()) {
    const fits = form === "json" ? Number.isFinite(value) : value instanceof Date;
    return fits ? [] : wrong("timestamp");
  }
  if (schema.isBlobSchema()) {
    const fits = form === "json" ? isBase64(value) : value instanceof Uint8Array;
    return fits ? [] : wrong("blob");
  }
  throw new Error(
    `${schema.getName(true)} at ${path.join(".")}: the lab's control plane knows structures, lists, maps, strings, ` +
      "booleans, numbers, timestamps and blobs; teach lab/aws/schema/problems.ts this shape first",
  );
}

function walkMembers(
  schema: NormalizedSchema,
  value: Record<string, unknown>,
  path: Path,
  form: Form,
): Problem[] {
  const members = schema.getMemberSchemas();
  const required = requiredMembers(schema);
  const known = Object.entries(members).flatMap(([name, member]): Problem[] => {
    const given = value[name];
    const here = [...path, name];
    if (given !== undefined && given !== null) return walk(member, given, here, form);
    return required.has(name) ? [{ path: here, is: "missing" }] : [];
  });
  const unknown = Object.keys(value)
    .filter((name) => !Object.hasOwn(members, name))
    .map((name): Problem => ({ path: [...path, name], is: "unknown" }));
  return [...known, ...unknown];
}

/** A static structure schema lists its required members first and says how many they are. */
function requiredMembers(schema: NormalizedSchema): ReadonlySet<string> {
  const [, , , , names, , count = 0] = schema.getSchema() as StaticStructureSchema;
  return new Set(names.slice(0, count));
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

const isBase64 = (value: unknown): boolean =>
  typeof value === "string" && Buffer.from(value, "base64").toString("base64") === value;
