import { proxy } from "../judged/pulumi-proxy.ts";
import type { ResourceFacts } from "../judged/resource.ts";
import { unknown } from "../judged/resource.ts";

/** A value as Pulumi's Analyzer protocol writes it, before it is put into a protobuf struct. */
export type Wire = null | boolean | number | string | Wire[] | { [key: string]: Wire };

/** How the protocol marks what is no plain value: sdk/go/common/resource of pulumi/pulumi. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** A resource's properties for the protocol, with its marks where a value is known only after deployment. */
export const wireProperties = (props: ResourceFacts["props"]): { [key: string]: Wire } =>
  Object.fromEntries(
    Object.entries(props).flatMap(([key, value]) => (value === undefined ? [] : [[key, wireOf(value)]])),
  );

function wireOf(value: unknown): Wire {
  if (value === unknown) return proxy.unknownStringValue;
  if (Array.isArray(value)) return value.map(wireOf);
  switch (typeof value) {
    case "boolean":
    case "number":
    case "string":
      return value;
    case "object":
      if (value === null) return null;
      return "$asset" in value ? wireOfAsset(value.$asset) : wireProperties(value as ResourceFacts["props"]);
    default:
      throw new Error(`a property of type ${typeof value} has no form in the Analyzer protocol`);
  }
}

/** What a plan keeps of an asset is what it is made of: a path, a text or an address; an archive holds assets. */
function wireOfAsset(made: unknown): Wire {
  const parts = typeof made === "object" && made !== null ? (made as ResourceFacts["props"]) : {};
  return { [SIGNATURE]: "assets" in parts ? ARCHIVE : ASSET, ...wireProperties(parts) };
}
