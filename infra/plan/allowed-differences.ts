import type { Allowance } from "./compare/allowance.ts";

/**
 * Where the cell of the home region and that of its peer are meant to differ, and why. What differs by nothing but the
 * cell's own facts (region, zones, address range, stack, peer) needs no entry. An entry that allows nothing fails the
 * plan, as does a difference without one.
 */
export const allowedDifferences: readonly Allowance[] = [];
