import { stripVTControlCharacters } from "node:util";

export interface MochaCount {
  passed: number;
  failed: number;
  /** Left out, since the machine lacks what they need. */
  skipped: number;
}

/** Reads the sums that mocha's spec reporter ends with, of every run in the output. */
export function mochaCount(output: string): MochaCount {
  const text = stripVTControlCharacters(output);
  const sum = (what: string): number =>
    [...text.matchAll(new RegExp(`^ {2}(\\d+) ${what}\\b`, "gm"))].reduce(
      (total, [, n]) => total + Number(n),
      0,
    );
  return { passed: sum("passing"), failed: sum("failing"), skipped: sum("pending") };
}

const MOST_LINES = 60;

/** What mocha tells of the tests that failed, or the last lines of a run that is not mocha's; without colours. */
export function failuresOf(output: string): string {
  const text = stripVTControlCharacters(output).trimEnd();
  const at = text.search(/^ {2}\d+ failing\b/m);
  const lines = (at < 0 ? text : text.slice(at)).split("\n");
  return (at < 0 ? lines.slice(-MOST_LINES) : lines.slice(0, MOST_LINES)).join("\n");
}
