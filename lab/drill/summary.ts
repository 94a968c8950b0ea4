import { findings } from "@castle/dr-runbooks/report/findings.ts";
import { formatCount, formatMs } from "@castle/dr-runbooks/report/format.ts";
import type { Report } from "@castle/dr-runbooks/report/report.ts";

/** The end of a drill in a terminal: every check, what is wrong, and where the report is. */
export function summary(report: Report, page: string): string {
  const { load } = report;
  const latency = load.latencyMs
    ? `p50 ${formatMs(load.latencyMs.p50)}, p99 ${formatMs(load.latencyMs.p99)}`
    : "nothing acknowledged";
  const wrong = findings(report);
  return [
    "",
    ...table(["check", "wanted", "found"], report.checks.map(checkRow)),
    "",
    `  ${formatCount(load.acknowledged)} of ${formatCount(load.sent)} requests acknowledged at ${load.requestedRps} a second; ${latency} in the steady phases`,
    `  seed ${report.seed}`,
    "",
    ...wrong.map((finding) => `  ✗ ${finding}`),
    ...(wrong.length > 0 ? [""] : []),
    `  ${report.verdict === "pass" ? "✓ PASS" : "✗ FAIL"}${report.sabotage ? ` with "${report.sabotage}" broken on purpose${report.verdict === "pass" ? ": the audit did not notice" : ""}` : ""}`,
    `  report: ${page}`,
    "",
  ].join("\n");
}

const checkRow = ({ name, wanted, found, ok }: Report["checks"][number]): string[] => [
  `${ok ? "✓" : "✗"} ${name}`,
  wanted,
  found,
];

/** Columns as wide as their widest cell; the last one as it comes. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, i) =>
    Math.max(title.length + 2, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ")}`.trimEnd();
  return [line(head.map((title, i) => (i === 0 ? `  ${title}` : title))), ...rows.map(line)];
}
