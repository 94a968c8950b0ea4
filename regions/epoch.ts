import { z } from "zod";

/**
 * A number that grows by one at every handover of the active role. Every write carries one; a stale one is
 * refused.
 */
export type Epoch = number & { readonly __brand: "Epoch" };

/** Parses an epoch at the border: a positive integer. */
export const epochSchema = z
  .number()
  .int()
  .positive()
  .transform((n) => n as Epoch);

/** @throws RangeError when `n` is not a positive safe integer. */
export function epoch(n: number | string): Epoch {
  const value = Number(n);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new RangeError(`epoch must be a positive integer, got ${n}`);
  return value as Epoch;
}

/** The epoch of the next handover. */
export const nextEpoch = (current: Epoch): Epoch => epoch(current + 1);
