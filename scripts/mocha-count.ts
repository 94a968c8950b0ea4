import { stripVTControlCharacters } from "node:util";

export interface MochaCount {
  passed: number;
  failed: number;
}

/** Reads the sums that mocha's spec reporter ends with, of every run in the output. */
export function mochaCount(output: string): MochaCount {
  const text = stripVTControlCharacters(output);
  const sum = (what: string): number =>
    [...text.matchAll(new RegExp(`^ {2}(\\d+) ${what}\\b`, "gm"))].reduce(
      (total, [, n]) => total + Number(n),
      0,
    );
  return { passed: sum("passing"), failed: sum("failing") };
}
