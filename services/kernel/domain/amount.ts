/**
 * Money and quantities are integers in the asset's smallest unit. Every asset and every price has eight decimals, so
 * one scale serves all; decimal strings exist only at the wire.
 */
export type Amount = bigint;

export const DECIMALS = 8;
export const ONE: Amount = 10n ** BigInt(DECIMALS);

const DECIMAL = /^(\d{1,20})(?:\.(\d{1,20}))?$/;

/**
 * Parses an unsigned decimal string such as `"0.00100000"`.
 * @returns null when it is not one, or has more than eight significant decimals (which would be lost).
 */
export function parseAmount(text: string): Amount | null {
  const match = DECIMAL.exec(text);
  if (!match) return null;
  const fraction = (match[2] ?? "").replace(/0+$/, "");
  if (fraction.length > DECIMALS) return null;
  return BigInt(match[1] ?? "0") * ONE + BigInt(fraction.padEnd(DECIMALS, "0"));
}

/** Formats with all eight decimals, as Binance does: `150000n` → `"0.00150000"`. */
export function formatAmount(amount: Amount): string {
  const sign = amount < 0n ? "-" : "";
  const absolute = amount < 0n ? -amount : amount;
  return `${sign}${absolute / ONE}.${(absolute % ONE).toString().padStart(DECIMALS, "0")}`;
}

/** price × quantity, in the quote asset's smallest unit. Exact: symbols.ts admits no tick and step that would round. */
export const notional = (price: Amount, quantity: Amount): Amount => (price * quantity) / ONE;

export const min = (a: Amount, b: Amount): Amount => (a < b ? a : b);
