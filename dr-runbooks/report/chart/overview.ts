import { type Markup, markup } from "@castle/regions/page/markup.ts";
import { formatMs } from "../format.ts";
import type { Report } from "../report.ts";
import { fitting, formatDecade, spanTitle, timeAxis, valueAxis } from "./axes.ts";
import { type Column, columns } from "./columns.ts";
import { type Flag, placeFlags } from "./lanes.ts";
import { areaPath, linePath } from "./paths.ts";
import { decades, linear, type Scale } from "./scale.ts";

const width = 1_080;
const left = 58;
const right = width - 14;
const laneHeight = 16;
const heights = { story: 24, steps: 12, rate: 104, errors: 64, latency: 128 };
const gap = 38;

/** The whole drill in one picture: rate, errors and latency over time, with every fault, act and step above them. */
export function overview(report: Report): Markup {
  const endMs = Math.max(
    1_000,
    ...report.marks.map((mark) => mark.endMs),
    ...report.timeline.points.map((point) => point.t + report.timeline.bucketMs),
  );
  const x = linear([0, endMs], [left, right], 14);
  const drawn = columns(report.timeline, 0, endMs, 340);
  const flags = placeFlags(flagsOf(report, x), right);
  const lanes = Math.max(0, ...flags.map((flag) => flag.lane + 1));

  const story = 8 + lanes * laneHeight;
  const steps = story + heights.story + 4;
  const rate = steps + heights.steps + gap;
  const errors = rate + heights.rate + gap;
  const latency = errors + heights.errors + gap;
  const foot = latency + heights.latency;
  return markup`<svg class="chart" viewBox="0 0 ${width} ${foot + 26}" role="img" aria-labelledby="overview-title overview-desc">
<title id="overview-title">Answers, errors and latency over the whole drill</title>
<desc id="overview-desc">${describe(report)}</desc>
${report.handovers.map((handover) => outage(handover.outage, x, rate - 4, foot))}
${ratePanel(drawn, x, rate, report.load.requestedRps)}
${errorPanel(drawn, x, errors)}
${latencyPanel(drawn, x, latency)}
${timeAxis(x, foot, 0)}
${report.marks.filter((mark) => mark.kind !== "fault").map((mark) => band(mark, x, story))}
${stepTicks(report, x, steps)}
${flags.map((flag) => flagLine(flag, foot, lanes))}
</svg>`;
}

function describe(report: Report): string {
  const parts = report.handovers.map(
    ({ kind, from, to, clientGapMs }) =>
      `${kind} from ${from} to ${to}, ${formatMs(clientGapMs)} without an acknowledged command`,
  );
  const p99 = report.load.latencyMs
    ? `; p99 in the steady phases ${formatMs(report.load.latencyMs.p99)}`
    : "";
  return `${report.story} ${parts.join("; ")}${p99}.`;
}

/** What the reader looks for first: where something broke, and what each handover cost the traders. */
const flagsOf = (report: Report, x: Scale): Flag[] => [
  ...report.marks
    .filter((mark) => mark.kind === "fault")
    .map((mark) => ({ x: x(mark.startMs), label: mark.name, kind: "fault" as const })),
  ...report.handovers.map(({ kind, outage, clientGapMs }) => ({
    x: x(outage.endMs),
    label: `${kind}: ${formatMs(clientGapMs)}`,
    kind: "handover" as const,
  })),
];

const outage = (span: { startMs: number; endMs: number }, x: Scale, top: number, bottom: number): Markup =>
  markup`<rect class="outage" x="${x(span.startMs)}" y="${top}" width="${Math.max(1, x(span.endMs) - x(span.startMs))}" height="${bottom - top}"><title>${spanTitle("No command acknowledged", span.startMs, span.endMs)}</title></rect>`;

function ratePanel(drawn: readonly Column[], x: Scale, top: number, requested: number): Markup {
  const most = Math.max(requested, ...drawn.map((column) => column.answersPerSecond));
  const y = linear([0, most * 1.08], [top + heights.rate, top], 3);
  return markup`${valueAxis({ left, right, top, bottom: top + heights.rate }, y, "Answers per second (dashed: requests)")}
<path class="rate" d="${areaPath(drawn, (column) => column.answersPerSecond, x, y)}"/>
<line class="limit" x1="${left}" x2="${right}" y1="${y(requested)}" y2="${y(requested)}"/>`;
}

function errorPanel(drawn: readonly Column[], x: Scale, top: number): Markup {
  const y = linear(
    [0, Math.max(10, ...drawn.map((column) => column.errorsPerSecond)) * 1.08],
    [top + heights.errors, top],
    3,
  );
  return markup`${valueAxis({ left, right, top, bottom: top + heights.errors }, y, "Errors per second, as the traders saw them")}
<path class="errors" d="${areaPath(drawn, (column) => column.errorsPerSecond, x, y)}"/>`;
}

function latencyPanel(drawn: readonly Column[], x: Scale, top: number): Markup {
  const values = drawn.flatMap(({ p50, p99 }) => [p50, p99].filter((v) => v !== null && v > 0) as number[]);
  const y = decades([Math.min(10, ...values), Math.max(100, ...values)], [top + heights.latency, top]);
  return markup`${valueAxis({ left, right, top, bottom: top + heights.latency }, y, "Latency at the edge, from the scheduled send", formatDecade)}
<path class="p99" d="${linePath(drawn, (column) => column.p99, x, y)}"/>
<path class="p50" d="${linePath(drawn, (column) => column.p50, x, y)}"/>
<g transform="translate(${right - 150} ${top - 12})"><line class="p50" x1="0" x2="18" y1="0" y2="0"/><text class="tick" x="24" y="4">median</text><line class="p99" x1="84" x2="102" y1="0" y2="0"/><text class="tick" x="108" y="4">p99</text></g>`;
}

function band(mark: Report["marks"][number], x: Scale, top: number): Markup {
  const from = x(mark.startMs);
  const wide = Math.max(2, x(mark.endMs) - from - 1);
  return markup`<g class="band ${mark.kind}"><title>${spanTitle(mark.name, mark.startMs, mark.endMs)}</title><rect x="${from}" y="${top}" width="${wide}" height="${heights.story}" rx="3"/><text x="${from + wide / 2}" y="${top + 16}" text-anchor="middle">${fitting(mark.name, wide)}</text></g>`;
}

function stepTicks(report: Report, x: Scale, top: number): Markup {
  const steps = report.handovers.flatMap((handover) => handover.steps);
  return markup`${steps.map(
    (step, i) =>
      markup`<rect class="step ${i % 2 ? "odd" : "even"}" x="${x(step.startMs)}" y="${top}" width="${Math.max(1.5, x(step.endMs) - x(step.startMs))}" height="${heights.steps}"><title>${spanTitle(step.name, step.startMs, step.endMs)}</title></rect>`,
  )}`;
}

function flagLine(flag: ReturnType<typeof placeFlags>[number], foot: number, lanes: number): Markup {
  const y = 14 + (lanes - 1 - flag.lane) * laneHeight;
  const shift = flag.anchor === "start" ? 6 : -6;
  return markup`<g class="flag ${flag.kind}"><line x1="${flag.x}" x2="${flag.x}" y1="${y - 10}" y2="${foot}"/><text x="${flag.x + shift}" y="${y}" text-anchor="${flag.anchor}">${flag.label}</text></g>`;
}
