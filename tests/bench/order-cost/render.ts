import type { WindowFigures } from "@castle/lab/traders/windows.ts";
import type { Comparison } from "./compare.ts";
import type { MachineShares } from "./machine-time.ts";

type Row = readonly string[];

/** The tables for people. */
export function render(comparisons: readonly Comparison[]): string {
  const rates = comparisons.map(({ rps }) => `${rps}/s`);
  const parts = [
    table(
      [
        "requests/s",
        "Castle",
        "reference",
        "ratio",
        "at most",
        "p99",
        "reference",
        "acknowledged",
        "reference",
      ],
      comparisons.map(rateRow),
    ),
    "What became of the requests that were due meanwhile, as far as they came to an end",
    ...comparisons.flatMap(({ rps, requests, referenceRequests }) => [
      `  ${rps}/s, Castle: ${requestMix(requests)}`,
      `  ${rps}/s, reference: ${requestMix(referenceRequests)}`,
    ]),
    "CPU milliseconds of Castle for each acknowledged order, by process",
    table(["process", ...rates], processRows(comparisons, "byProcess", "castleMsPerOrder")),
    "CPU milliseconds of the reference path for each acknowledged order, by process",
    table(["process", ...rates], processRows(comparisons, "referenceByProcess", "referenceMsPerOrder")),
    "The machine meanwhile",
    ...comparisons.flatMap(({ rps, machine, referenceMachine }) => [
      `  ${rps}/s, Castle: ${shares(machine)}`,
      `  ${rps}/s, reference: ${shares(referenceMachine)}`,
    ]),
    ...comparisons.flatMap(({ rps, notes }) => notes.map((note) => `note: ${rps}/s, ${note}`)),
  ];
  return `${parts.join("\n")}\n`;
}

const rateRow = (comparison: Comparison): Row => {
  const { rps, ratio, limit, served } = comparison;
  return [
    `${rps}${served ? "" : " (not served)"}`,
    milliseconds(comparison.castleMsPerOrder, 2),
    milliseconds(comparison.referenceMsPerOrder, 2),
    ratio?.toFixed(2) ?? "-",
    limit?.toFixed(1) ?? "-",
    milliseconds(comparison.p99Ms, 0),
    milliseconds(comparison.referenceP99Ms, 0),
    String(comparison.acknowledged),
    String(comparison.referenceAcknowledged),
  ];
};

/** In the order of the first rate, the largest first. */
function processRows(
  comparisons: readonly Comparison[],
  shares: "byProcess" | "referenceByProcess",
  sum: "castleMsPerOrder" | "referenceMsPerOrder",
): Row[] {
  const names = [...new Set(comparisons.flatMap((comparison) => Object.keys(comparison[shares])))];
  return [
    ...names.map((name) => [
      name,
      ...comparisons.map((comparison) => comparison[shares][name]?.toFixed(3) ?? "-"),
    ]),
    ["all", ...comparisons.map((comparison) => comparison[sum]?.toFixed(3) ?? "-")],
  ];
}

function requestMix({ sent, acknowledged, refused, answered, errors, latencyMs }: WindowFigures): string {
  const outcomes = `${acknowledged} of ${sent} were commands that were acknowledged, ${refused} commands refused, ${answered} queries answered; ${errors} had no usable answer at first`;
  if (latencyMs === null) return outcomes;
  const [p50, p95, p99] = [latencyMs.p50, latencyMs.p95, latencyMs.p99].map((ms) => ms.toFixed(0));
  return `${outcomes}; commands took ${p50} / ${p95} / ${p99} ms (p50 / p95 / p99)`;
}

function shares({ cores, measured, kernel, others, stolen, waited }: MachineShares): string {
  const percent = (share: number): string => `${Math.round(share)} %`;
  const busy = measured + kernel + others;
  return `${percent(busy)} of ${cores}00 % busy: ${percent(measured)} in its processes, ${percent(kernel)} in the kernel's own, ${percent(others)} in others; ${percent(stolen)} stolen${waited === null ? "" : `; something waited for a processor ${percent(waited)} of the time`}`;
}

const milliseconds = (ms: number | null, digits: number): string =>
  ms === null ? "-" : `${ms.toFixed(digits)} ms`;

/** The first column to the left, figures to the right. */
function table(head: Row, rows: readonly Row[]): string {
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)));
  const line = (row: Row): string =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  ");
  return [head, ...rows].map((row) => `  ${line(row)}`).join("\n");
}
