import { type Markup, markup } from "@castle/regions/page/markup.ts";
import { textWidth, timeAxis } from "../chart/axes.ts";
import { linear, type Scale } from "../chart/scale.ts";
import { formatMs } from "../format.ts";
import type { ReportedRun } from "./report.ts";

const width = 1_080;
const left = 200;
const right = width - 90;
const rowHeight = 24;
const barHeight = 14;
const top = 8;

type Bar = ReportedRun["steps"][number];

/** One run of an execution: a bar for each step, and a triangle for every call that changed something. */
export function timeline(run: ReportedRun, id: string): Markup {
  const span = Math.max(run.endedAt - run.startedAt, 1);
  const x = linear([run.startedAt, run.startedAt + span], [left, right], 10, run.startedAt);
  const beside = run.marks.filter(({ step }) => !run.steps.some(({ name }) => name === step));
  const rows = run.steps.map((step, index) => row(step, run, x, top + index * rowHeight));
  const foot = top + (run.steps.length + (beside.length > 0 ? 1 : 0)) * rowHeight + 4;
  return markup`<svg class="chart" viewBox="0 0 ${width} ${foot + 26}" role="img" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">What ran when</title>
<desc id="${id}-desc">${describe(run)}</desc>
${x.ticks.map((tick) => markup`<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="${top}" y2="${foot}"/>`)}
${rows}
${beside.length > 0 ? besideRow(beside, x, top + run.steps.length * rowHeight) : null}
${timeAxis(x, foot, run.startedAt)}
</svg>`;
}

const describe = (run: ReportedRun): string =>
  `${run.steps
    .map(
      (step) =>
        `${step.name} from ${formatMs(step.startedAt - run.startedAt)}${step.endedAt === null ? ", cut off" : `, ${formatMs(step.endedAt - step.startedAt)}, ${step.outcome}`}`,
    )
    .join("; ")}.`;

const isWell = ({ outcome }: Bar): boolean => outcome === "done" || outcome === "already-done";

function row(step: Bar, run: ReportedRun, x: Scale, y: number): Markup {
  const endedAt = step.endedAt ?? run.endedAt;
  const from = x(step.startedAt);
  const wide = Math.max(2, x(endedAt) - from);
  const took = `${formatMs(endedAt - step.startedAt)}${isWell(step) ? "" : ` · ${step.outcome}`}`;
  const after = from + wide + 6;
  const place =
    after + textWidth(took) > width ? { x: from - 6, anchor: "end" } : { x: after, anchor: "start" };
  const changes = run.marks.filter(
    ({ step: name, at }) => name === step.name && at >= step.startedAt && at <= endedAt,
  );
  return markup`<g class="row ${isWell(step) ? "step" : "failed"}">${rowName(step.name, y)}<rect x="${from}" y="${y + 3}" width="${wide}" height="${barHeight}" rx="2"/><text class="took" x="${place.x}" y="${y + 14}" text-anchor="${place.anchor}">${took}</text></g>${changes.map((change) => triangle(change, x, y))}`;
}

const besideRow = (marks: ReportedRun["marks"], x: Scale, y: number): Markup =>
  markup`<g class="row step">${rowName("beside the steps", y)}</g>${marks.map((mark) => triangle(mark, x, y))}`;

/** Points down at the moment when the call was answered. */
function triangle({ at, what }: ReportedRun["marks"][number], x: Scale, y: number): Markup {
  const tip = x(at);
  return markup`<path class="change" d="M${tip} ${y + 9}l-5 -8h10Z"><title>${what}</title></path>`;
}

const rowName = (name: string, y: number): Markup =>
  markup`<text class="name" x="${left - 14}" y="${y + 14}" text-anchor="end">${name}</text>`;
