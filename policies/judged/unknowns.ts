import { proxy } from "./pulumi-proxy.ts";
import { unknown } from "./resource.ts";

/** What the Analyzer protocol writes where a value is known only after deployment: one text for each kind of value. */
const SENTINELS = new Set<unknown>([
  proxy.unknownBooleanValue,
  proxy.unknownNumberValue,
  proxy.unknownStringValue,
  proxy.unknownArrayValue,
  proxy.unknownAssetValue,
  proxy.unknownArchiveValue,
  proxy.unknownObjectValue,
]);

/** The same value with {@link unknown} in place of the protocol's marks, and without Pulumi's checking proxy around it. */
export function withUnknowns(value: unknown): unknown {
  if (SENTINELS.has(value)) return unknown;
  if (typeof value !== "object" || value === null) return value;
  const plain = unwrapped(value);
  if (Array.isArray(plain)) return plain.map(withUnknowns);
  return Object.fromEntries(Object.entries(plain).map(([key, each]) => [key, withUnknowns(each)]));
}

/** Pulumi hands values in a proxy that throws at the first unknown: rules say themselves what they could not judge. */
function unwrapped(value: object): object {
  const wrapped = value as Record<string, unknown>;
  return wrapped[proxy.isSpecialProxy] === true ? (wrapped[proxy.getSpecialProxyTarget] as object) : value;
}
