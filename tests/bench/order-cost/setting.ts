import { symbols as everySymbol } from "@castle/services/kernel/domain/symbols.ts";

/** What both paths have in common with each other, and with a drill that is asked for nothing else. */
export const setting = {
  /** Between the two places in which an order is committed. */
  roundTripMs: 20,
  symbols: everySymbol.slice(0, 3).map(({ name }) => name),
  accounts: 100,
  /** Of everything the traders choose: both paths are sent the same requests. */
  seed: 1,
} as const;

/** Does this when its scope is left, however that happens. */
export const atEnd = (work: () => Promise<void>): AsyncDisposable => ({ [Symbol.asyncDispose]: work });
