import structs from "google-protobuf/google/protobuf/struct_pb.js";
import type { Properties, Value } from "../graph/value.ts";

/** How Pulumi's protocol writes what JSON cannot say: sdk/go/common/resource/plugin and asset of pulumi/pulumi. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** The same, of a number, a list and so on. */
const UNKNOWNS = new Set([
  UNKNOWN,
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

type Wire = null | boolean | number | string | Wire[] | { [key: string]: Wire };

/** Out of the protocol's form; a secret's value is left behind. */
export const decode = (struct: structs.Struct | undefined): Properties =>
  struct ? decodeAll(struct.toJavaScript() as { [key: string]: Wire }) : {};

const decodeAll = (wire: { [key: string]: Wire }): { [key: string]: Value } =>
  Object.fromEntries(Object.entries(wire).map(([key, value]) => [key, decodeValue(value)]));

function decodeValue(wire: Wire): Value {
  if (typeof wire === "string") return UNKNOWNS.has(wire) ? { $unknown: true } : wire;
  if (wire === null || typeof wire !== "object") return wire;
  if (Array.isArray(wire)) return wire.map(decodeValue);
  switch (wire[SIGNATURE]) {
    case SECRET:
      return secret(decodeValue(wire.value ?? null));
    case OUTPUT: {
      const value: Value = "value" in wire ? decodeValue(wire.value ?? null) : { $unknown: true };
      return wire.secret === true ? secret(value) : value;
    }
    case REFERENCE:
      return { $resource: String(wire.urn) };
    case ASSET:
    case ARCHIVE: {
      const { [SIGNATURE]: _, ...made } = wire;
      return { $asset: decodeAll(made) };
    }
    default:
      return decodeAll(wire);
  }
}

/** Not the value, and not what is in it: only that it is one, and whether it is known. */
const secret = (value: Value): Value =>
  typeof value === "object" && value !== null && "$unknown" in value
    ? { $secret: true, $unknown: true }
    : { $secret: true };

/**
 * What a preview answers a program: the values it gave, but for those that AWS completes; secrets that AWS will make.
 */
export function answer(
  known: structs.Struct | undefined,
  secretOutputs: readonly string[] = [],
  completed: readonly string[] = [],
): structs.Struct {
  const wire = (known?.toJavaScript() ?? {}) as { [key: string]: Wire };
  for (const name of completed) if (name in wire) wire[name] = UNKNOWN;
  for (const name of secretOutputs) {
    const value = wire[name] ?? UNKNOWN;
    const marked = typeof value === "object" && value !== null && !Array.isArray(value) && SIGNATURE in value;
    if (!marked) wire[name] = { [SIGNATURE]: SECRET, value };
  }
  return structs.Struct.fromJavaScript(wire as { [key: string]: structs.JavaScriptValue });
}

/** An answer in which all of these are unknown. */
export const unknowns = (names: readonly string[]): structs.Struct =>
  structs.Struct.fromJavaScript(Object.fromEntries(names.map((name) => [name, UNKNOWN])));
