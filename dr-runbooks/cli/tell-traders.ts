import type { TradersTold } from "../traders/traders-view.ts";

/** What traders meet in a cell, in columns; a dash for what nobody tells. Pure. */
export function tellTraders(told: TradersTold): string {
  const { region, acknowledgedPerSecond, errorsPerSecond, p99Ms, because } = told;
  const name = region.padEnd(13);
  if (because !== undefined) return `${name} –  ${because}`;
  return [
    `${name} ${figure(acknowledgedPerSecond, 5)}/s acknowledged`,
    `${figure(errorsPerSecond, 5)}/s errors`,
    `p99 ${p99Ms === null ? "    –" : `${figure(p99Ms, 5)} ms`}`,
  ].join("  ");
}

/** Whole where it is large: a tenth of an order a second is told of a few alone. */
function figure(value: number | null, width: number): string {
  if (value === null) return "–".padStart(width);
  return (value >= 10 || value === 0 ? Math.round(value).toString() : value.toFixed(1)).padStart(width);
}
