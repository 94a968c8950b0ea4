import type { Path } from "./problems.ts";

/**
 * Bounds that AWS documents in the API reference and that the SDK's schemas leave out. Keyed by the path of a member in
 * the request, `*` for any position of a list: `EndpointConfigurations.*.Weight`. A list is bounded by its length.
 */
export type Limits = Readonly<Record<string, Limit>>;

export interface Limit {
  readonly min: number;
  readonly max: number;
}

export interface Breach extends Limit {
  readonly path: Path;
  /** What is bounded: a number, or the length of a list. */
  readonly of: "value" | "length";
  /** The number, or the length. */
  readonly size: number;
}

/** Every bound that a parsed request breaks. Members that are left out break none. */
export function breachesOf(limits: Limits, request: unknown): Breach[] {
  return Object.entries(limits).flatMap(([pattern, limit]) =>
    valuesAt(request, pattern.split("."), []).flatMap(({ path, value }): Breach[] => {
      const of = Array.isArray(value) ? "length" : "value";
      const size = Array.isArray(value) ? value.length : Number(value);
      return size < limit.min || size > limit.max ? [{ path, of, size, ...limit }] : [];
    }),
  );
}

function valuesAt(
  value: unknown,
  [step, ...further]: readonly string[],
  path: Path,
): { path: Path; value: unknown }[] {
  if (value === undefined || value === null) return [];
  if (step === undefined) return [{ path, value }];
  if (step === "*")
    return Array.isArray(value)
      ? value.flatMap((entry, position) => valuesAt(entry, further, [...path, position]))
      : [];
  const member = typeof value === "object" ? (value as Record<string, unknown>)[step] : undefined;
  return valuesAt(member, further, [...path, step]);
}
