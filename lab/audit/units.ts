import { parseAmount } from "@castle/services/kernel/domain/amount.ts";

/** A decimal string of the wire in the smallest unit, as text: `"0.00150000"` → `"150000"`. Anything else stays itself. */
export function units(decimal: string): string {
  const amount = parseAmount(decimal);
  return amount === null ? `"${decimal}"` : amount.toString();
}
