import { type Markup, markup } from "@castle/regions/page/markup.ts";
import { checkNames } from "./check-names.ts";
import { auditLines, fails, findings, holds } from "./findings.ts";
import { formatCount, formatInstant, formatMs, plural } from "./format.ts";
import { machineSection } from "./machine-section.ts";
import { reportPage } from "./page.ts";
import type { Handover, Report } from "./report.ts";
import {
  auditSection,
  checksSection,
  environmentSection,
  handoverSection,
  loadSection,
  timelineSection,
} from "./sections.ts";

/**
 * The report as one HTML file that asks nothing of the network: pictures inline, light and dark, readable without
 * scripts. The same report always gives the same bytes.
 */
export function renderHtml(report: Report): string {
  return reportPage({
    title: `${title(report)}: ${report.verdict}`,
    header: header(report),
    main: markup`${timelineSection(report)}
${report.handovers.map((handover, i) => handoverSection(report, handover, i))}
${auditSection(report)}
${checksSection(report)}
${loadSection(report)}
${machineSection(report)}
${environmentSection(report)}`,
    footer: `All times count from the first request of the load, ${formatInstant(report.startedAt)}, unless a picture says otherwise. The same figures, for machines, stand in report.json beside this file.`,
  });
}

const title = (report: Report): string =>
  report.scenario === "region-loss" ? "A region lost under load, and back" : `Drill “${report.scenario}”`;

function header(report: Report): Markup {
  const wrong = findings(report);
  return markup`<header>
<p class="eyebrow">Castle drill · ${formatInstant(report.startedAt)}</p>
<h1>${title(report)} <span class="verdict ${report.verdict}">${report.verdict === "pass" ? "✓ pass" : "✗ fail"}</span></h1>
<p class="lead">${report.story}${report.sabotage ? markup` <strong>One mechanism was broken on purpose (${report.sabotage}): a fail is the wanted answer here.</strong>` : null}</p>
${wrong.length > 0 ? markup`<ul class="findings">${wrong.map((finding) => markup`<li>${finding}</li>`)}</ul>` : null}
${unjudgedNote(report)}
<ul class="figures">
${figure(formatCount(report.audit.lostAcknowledged), "acknowledged commands lost", `of ${formatCount(report.load.acknowledged)} acknowledged`, report.audit.lostAcknowledged > 0 ? "bad" : "good")}
${report.handovers.map((handover) => gapFigure(report, handover))}
${latencyFigure(report)}
${auditFigure(report)}
</ul>
</header>`;
}

/** Figures of speed that say nothing about Castle, and why. */
function unjudgedNote({ checks }: Report): Markup | null {
  const unjudged = checks.filter(({ judged }) => !judged);
  if (unjudged.length === 0) return null;
  return markup`<p class="lead unjudged">${plural(unjudged.length, "figure")} not judged: ${unjudged.map(({ name }) => name).join(", ")}. ${[...new Set(unjudged.map(({ reason }) => `${sentence(reason ?? "")}.`))].join(" ")}</p>`;
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

type Standing = "good" | "bad" | "unjudged";

const figure = (value: string, name: string, note: string, standing: Standing): Markup =>
  markup`<li><strong class="${standing}">${value}</strong><span>${name}</span><small>${note}</small></li>`;

const gapFigure = (report: Report, { kind, clientGapMs, from, to }: Handover): Markup =>
  figure(
    formatMs(clientGapMs),
    `${kind}, as traders saw it`,
    `${from} → ${to}`,
    standingOf(report, checkNames.clientGap(kind)),
  );

function standingOf({ checks }: Report, checkName: string): Standing {
  const named = checks.filter(({ name }) => name === checkName);
  if (named.some(fails)) return "bad";
  return named.some(({ judged }) => !judged) ? "unjudged" : "good";
}

function latencyFigure(report: Report): Markup {
  const { load, rttMs } = report;
  return figure(
    load.latencyMs ? formatMs(load.latencyMs.p99) : "–",
    `p99 latency at ${formatCount(load.requestedRps)} requests a second`,
    `median ${load.latencyMs ? formatMs(load.latencyMs.p50) : "–"}, with ${formatMs(rttMs)} round trip`,
    load.latencyMs === null ? "bad" : standingOf(report, checkNames.p99),
  );
}

function auditFigure({ audit }: Report): Markup {
  const holding = auditLines.filter(({ key }) => holds(audit, key)).length;
  const looked = Object.values(audit.checked).reduce((sum, n) => sum + n, 0);
  return figure(
    `${holding} of ${auditLines.length}`,
    "audit questions hold",
    `${formatCount(looked)} facts examined`,
    holding < auditLines.length ? "bad" : "good",
  );
}
