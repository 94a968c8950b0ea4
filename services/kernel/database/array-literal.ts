/**
 * PostgreSQL's array literals, as parameters: pg's own conversion asks every element for its type and escapes numbers,
 * too, which on the hot path costs several times more.
 */

/** Of integers: numbers, bigints, or their text. */
export const integerArray = (values: readonly (number | bigint | string)[]): string =>
  `{${values.join(",")}}`;

export const booleanArray = (values: readonly boolean[]): string => `{${values.join(",")}}`;

const SPECIAL = /["\\]/g;

/** Of texts: each quoted, so that no element can end the literal or be taken for null. */
export function textArray(values: readonly string[]): string {
  let literal = "{";
  for (const value of values) {
    if (literal.length > 1) literal += ",";
    literal += `"${value.replace(SPECIAL, "\\$&")}"`;
  }
  return `${literal}}`;
}
