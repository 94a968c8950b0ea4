/** Everything of ours in a bucket begins so. */
export const PREFIX = "runs/";

/** Enough for any record; keys sort as numbers do. */
const DIGITS = 6;

/** Where a line is: the chain it belongs to (an execution, or the index), and its number in it, counted from 1. */
export interface Place {
  readonly chain: string;
  readonly seq: number;
}

export const prefixOf = (chain: string): string => `${PREFIX}${chain}/`;

/** `runs/failover-2-…/000001.json` */
export const keyOf = ({ chain, seq }: Place): string =>
  `${prefixOf(chain)}${String(seq).padStart(DIGITS, "0")}.json`;

/** @returns null for a key that is not spelt as {@link keyOf} spells one. */
export function placeOf(key: string): Place | null {
  const [, chain, digits] = /^runs\/([^/]+)\/(\d+)\.json$/.exec(key) ?? [];
  if (chain === undefined || digits === undefined) return null;
  const place = { chain, seq: Number(digits) };
  return place.seq > 0 && keyOf(place) === key ? place : null;
}
