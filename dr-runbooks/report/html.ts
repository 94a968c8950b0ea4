import { type Markup, markup } from "@castle/regions/page/markup.ts";
import { checkNames } from "./check-names.ts";
import { auditLines, findings, holds } from "./findings.ts";
import { formatCount, formatInstant, formatMs } from "./format.ts";
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
<ul class="figures">
${figure(formatCount(report.audit.lostAcknowledged), "acknowledged commands lost", `of ${formatCount(report.load.acknowledged)} acknowledged`, report.audit.lostAcknowledged > 0)}
${report.handovers.map((handover) => gapFigure(report, handover))}
${latencyFigure(report)}
${auditFigure(report)}
</ul>
</header>`;
}

const figure = (value: string, name: string, note: string, bad: boolean): Markup =>
  markup`<li><strong class="${bad ? "bad" : "good"}">${value}</strong><span>${name}</span><small>${note}</small></li>`;

const gapFigure = (report: Report, { kind, clientGapMs, from, to }: Handover): Markup =>
  figure(
    formatMs(clientGapMs),
    `${kind}, as traders saw it`,
    `${from} → ${to}`,
    fails(report, checkNames.clientGap(kind)),
  );

const fails = ({ checks }: Report, checkName: string): boolean =>
  checks.some(({ name, ok }) => name === checkName && !ok);

function latencyFigure(report: Report): Markup {
  const { load, rttMs } = report;
  return figure(
    load.latencyMs ? formatMs(load.latencyMs.p99) : "–",
    `p99 latency at ${formatCount(load.requestedRps)} requests a second`,
    `median ${load.latencyMs ? formatMs(load.latencyMs.p50) : "–"}, with ${formatMs(rttMs)} round trip`,
    load.latencyMs === null || fails(report, checkNames.p99),
  );
}

function auditFigure({ audit }: Report): Markup {
  const holding = auditLines.filter(({ key }) => holds(audit, key)).length;
  const looked = Object.values(audit.checked).reduce((sum, n) => sum + n, 0);
  return figure(
    `${holding} of ${auditLines.length}`,
    "audit questions hold",
    `${formatCount(looked)} facts examined`,
    holding < auditLines.length,
  );
}
