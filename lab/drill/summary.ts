import { findings } from "@castle/dr-runbooks/report/findings.ts";
import { formatCount, formatMs, plural } from "@castle/dr-runbooks/report/format.ts";
import type { Check, Report } from "@castle/dr-runbooks/report/report.ts";

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
    ...verdictLines(report),
    `  report: ${page}`,
    "",
  ].join("\n");
}

/** The verdict, and whatever it says nothing about: each figure that is not judged, once with every reason. */
function verdictLines({ verdict, sabotage, checks }: Report): string[] {
  const broken = sabotage
    ? ` with "${sabotage}" broken on purpose${verdict === "pass" ? ": the audit did not notice" : ""}`
    : "";
  const unjudged = checks.filter(({ judged }) => !judged);
  const names = unjudged.map(({ name }) => name).join(", ");
  const rest = unjudged.length > 0 ? `, ${plural(unjudged.length, "figure")} not judged: ${names}` : "";
  const reasons = [...new Set(unjudged.flatMap(({ reason }) => reason ?? []))];
  return [
    `  ${verdict === "pass" ? "✓ PASS" : "✗ FAIL"}${broken}${rest}`,
    ...reasons.map((reason) => `    ${reason}`),
  ];
}

const checkRow = ({ name, wanted, found, ok, judged }: Check): string[] => [
  `${judged ? (ok ? "✓" : "✗") : "–"} ${name}`,
  wanted,
  judged ? found : `${found}, not judged`,
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
