import { type Markup, markup } from "@castle/regions/page/markup.ts";
import { formatMs } from "../format.ts";
import type { Handover, Report } from "../report.ts";
import { fitting, spanTitle, timeAxis, valueAxis } from "./axes.ts";
import { columns } from "./columns.ts";
import { areaPath } from "./paths.ts";
import { linear, type Scale } from "./scale.ts";
import { rowHeight, rowName, type SpanRow, spanRow } from "./span-row.ts";

const width = 1_080;
const left = 232;
const right = width - 74;
const rateHeight = 96;
const nameRight = left - 44;
/** How many colours the style sheet has for phases. */
export const phaseColours = 8;

/** One handover close up: what traders got, and beneath it, on the same time axis, the phases and every step. */
export function closeUp(report: Report, handover: Handover, id: string): Markup {
  const window = windowOf(handover);
  const x = linear(window, [left, right], 10, handover.startMs);
  const top = 26;
  const phasesTop = top + rateHeight + 16;
  const rows = rowsOf(handover);
  const rowsTop = phasesTop + rowHeight + 6;
  const foot = rowsTop + rows.length * rowHeight + 4;
  return markup`<svg class="chart" viewBox="0 0 ${width} ${foot + 26}" role="img" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">The ${handover.kind} from ${handover.from} to ${handover.to}, step by step</title>
<desc id="${id}-desc">${describe(handover)}</desc>
<rect class="outage" x="${x(handover.outage.startMs)}" y="${top - 4}" width="${Math.max(1, x(handover.outage.endMs) - x(handover.outage.startMs))}" height="${foot - top + 4}"/>
${ratePanel(report, window, x, top)}
${phaseBar(handover, x, phasesTop)}
${rows.map((row, i) => spanRow(row, { x, top: rowsTop + i * rowHeight, nameRight, width }))}
<line class="start" x1="${x(handover.startMs)}" x2="${x(handover.startMs)}" y1="${top - 4}" y2="${foot}"/>
${timeAxis(x, foot, handover.startMs)}
</svg>`;
}

/** From a little before anything happened until a little after everything was over, ends at whole half seconds. */
function windowOf(handover: Handover): [number, number] {
  const first = Math.min(
    handover.startMs,
    handover.outage.startMs,
    ...handover.steps.map((step) => step.startMs),
  );
  const last = Math.max(handover.outage.endMs, ...handover.steps.map((step) => step.endMs));
  const margin = Math.max(300, (last - first) * 0.12);
  return [Math.max(0, first - margin), last + margin];
}

const describe = (handover: Handover): string =>
  `${formatMs(handover.clientGapMs)} without an acknowledged command. Phases: ${Object.entries(
    handover.phasesMs,
  )
    .map(([name, ms]) => `${name} ${formatMs(ms)}`)
    .join(", ")}.`;

function ratePanel(report: Report, window: readonly [number, number], x: Scale, top: number): Markup {
  const { bucketMs } = report.timeline;
  const drawn = columns(report.timeline, window[0], window[1], 200).filter(
    (column) => column.startMs >= window[0] - bucketMs / 2 && column.endMs <= window[1] + bucketMs / 2,
  );
  const most = Math.max(
    report.load.requestedRps,
    ...drawn.flatMap((column) => [column.answersPerSecond, column.errorsPerSecond]),
  );
  const y = linear([0, most * 1.05], [top + rateHeight, top], 3);
  return markup`${valueAxis({ left, right, top, bottom: top + rateHeight }, y, "Per second")}
<path class="rate" d="${areaPath(drawn, (column) => column.answersPerSecond, x, y)}"/>
<path class="errors" d="${areaPath(drawn, (column) => column.errorsPerSecond, x, y)}"/>
<g transform="translate(${right - 168} ${top - 14})"><rect class="rate" x="0" y="-5" width="10" height="10"/><text class="tick" x="15" y="4">answers</text><rect class="errors" x="112" y="-5" width="10" height="10"/><text class="tick" x="127" y="4">errors</text></g>`;
}

function phaseBar(handover: Handover, x: Scale, top: number): Markup {
  let at = handover.startMs;
  const segments = Object.entries(handover.phasesMs).map(([name, ms], i) => {
    const from = at;
    at += ms;
    return phase(name, from, at, i, x, top);
  });
  return markup`${rowName("Phases", { top, nameRight })}${segments}`;
}

function phase(name: string, fromMs: number, toMs: number, i: number, x: Scale, top: number): Markup {
  const wide = Math.max(1, x(toMs) - x(fromMs) - 1);
  return markup`<g class="phase phase-${i % phaseColours}"><title>${spanTitle(name, fromMs, toMs)}</title><rect x="${x(fromMs)}" y="${top}" width="${wide}" height="${rowHeight - 4}" rx="3"/><text x="${x(fromMs) + wide / 2}" y="${top + 14}" text-anchor="middle">${fitting(name, wide)}</text></g>`;
}

function rowsOf(handover: Handover): SpanRow[] {
  const row = (name: string, startMs: number, endMs: number) => ({
    ...{ name, from: startMs, to: endMs, took: formatMs(endMs - startMs) },
  });
  const { outage, steps } = handover;
  return [
    {
      ...row("Nothing acknowledged", outage.startMs, outage.endMs),
      ...{ kind: "outage", title: "As the traders saw it" },
    },
    ...steps.map(
      ({ name, startMs, endMs, error, purpose }): SpanRow => ({
        ...row(name, startMs, endMs),
        ...{ kind: error === null ? "step" : "failed", title: `${name}: ${purpose}` },
      }),
    ),
  ];
}
