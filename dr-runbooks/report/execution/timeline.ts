import { type Markup, markup } from "@castle/regions/page/markup.ts";
import { timeAxis } from "../chart/axes.ts";
import { linear, type Scale } from "../chart/scale.ts";
import { rowHeight, rowName, spanRow } from "../chart/span-row.ts";
import { formatMs } from "../format.ts";
import type { ReportedRun } from "./report.ts";

const width = 1_080;
const left = 200;
const right = width - 90;
const nameRight = left - 14;
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
  const to = step.endedAt ?? run.endedAt;
  const changes = run.marks.filter(
    ({ step: name, at }) => name === step.name && at >= step.startedAt && at <= to,
  );
  const bar = spanRow(
    {
      ...{ name: step.name, kind: isWell(step) ? "step" : "failed", from: step.startedAt, to, title: null },
      took: `${formatMs(to - step.startedAt)}${isWell(step) ? "" : ` · ${step.outcome}`}`,
    },
    { x, top: y, nameRight, width },
  );
  return markup`${bar}${changes.map((change) => triangle(change, x, y))}`;
}

const besideRow = (marks: ReportedRun["marks"], x: Scale, y: number): Markup =>
  markup`<g class="row step">${rowName("beside the steps", { top: y, nameRight })}</g>${marks.map((mark) => triangle(mark, x, y))}`;

/** Points down at the moment when the call was answered. */
function triangle({ at, what }: ReportedRun["marks"][number], x: Scale, y: number): Markup {
  const tip = x(at);
  return markup`<path class="change" d="M${tip} ${y + 9}l-5 -8h10Z"><title>${what}</title></path>`;
}
