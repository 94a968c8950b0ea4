import { type Markup, markup } from "@castle/regions/page/markup.ts";
import { formatMs, plural } from "../format.ts";
import type { ExecutionReport, RecoveryPoint, ReportedApproval, ReportedStep } from "./report.ts";
import { timeline } from "./timeline.ts";
import { clock, holds, instant, outcomeOf } from "./words.ts";

const runsEnded = {
  finished: "until the execution was over",
  stopped: "until it stopped",
  killed: "until its process ended without a word",
  running: "and still at work",
} as const;

export function objectivesSection({ recoveryTime, recoveryPoint, replayed }: ExecutionReport): Markup | null {
  if (!recoveryTime || !recoveryPoint) return null;
  const time = (ms: number | null): string => (ms === null ? "–" : formatMs(ms));
  const { commands, seconds } = recoveryPoint.wanted;
  const point = [
    ...(commands === null ? [] : [`${plural(commands, "acknowledged command")} lost at most`]),
    ...(seconds === null ? [] : [`${seconds} s of the past lost at most`]),
  ];
  return markup`<section class="whole"><h2>Objective and achievement</h2>
<div class="scroll"><table><caption>What the target asks of a handover, and what came of it</caption>
<thead><tr><th scope="col">Objective</th><th scope="col">Wanted</th><th scope="col">Achieved</th><th scope="col">How it was counted</th><th scope="col">Verdict</th></tr></thead>
<tbody><tr><th scope="row">Recovery time</th><td>${recoveryTime.wantedMs === null ? "none is set" : `at most ${time(recoveryTime.wantedMs)}`}</td><td>${time(recoveryTime.foundMs)}</td><td>${recoveryTime.counted}</td><td>${holds(recoveryTime.met, "missed")}</td></tr>
<tr><th scope="row">Recovery point</th><td>${point.length === 0 ? "none is set" : point.join(", ")}</td><td>${lossOf(recoveryPoint)}; ${plural(replayed, "command")} brought from the journal</td><td>${recoveryPoint.counted}${recoveryPoint.because.length === 0 ? null : markup`<ul class="facts-of">${recoveryPoint.because.map((line) => markup`<li>${line}</li>`)}</ul>`}</td><td>${holds(recoveryPoint.met, "missed")}</td></tr></tbody></table></div></section>`;
}

const HOW = {
  proved: "proved",
  measured: "measured",
  bounded: "a limit known at consent, not measured",
  unknown: "",
} as const;

/** `3 acknowledged commands lost (measured)`. */
function lossOf({ how, lost, bound }: RecoveryPoint): string {
  if (lost !== null) return `${plural(lost, "acknowledged command")} lost (${HOW[how]})`;
  if (bound?.soloSeconds == null) return "Unknown until reconcile";
  return `At most the last ${formatMs(bound.soloSeconds * 1_000)} of what was acknowledged (${HOW[how]})`;
}

export const timelineSection = ({
  runs,
}: ExecutionReport): Markup => markup`<section class="whole"><h2>What ran when</h2>
<ul class="legend"><li><b>▬</b> a step at work</li><li><b>▼</b> a call that changed something at AWS, when it was answered</li></ul>
${runs.map(
  (
    run,
    i,
  ) => markup`<h3>${runs.length > 1 ? `Run ${i + 1}: from ` : "From "}${instant(run.startedAt)}, ${formatMs(run.endedAt - run.startedAt)}, ${runsEnded[run.how]}${run.because === null ? "" : `: ${run.because}`}</h3>
<div class="scroll">${timeline(run, `run-${i + 1}`)}</div>`,
)}</section>`;

export const stepsSection = ({ steps }: ExecutionReport): Markup => markup`<section><h2>Every step</h2>
<div class="scroll"><table><caption>In the order in which they ended; “usually” is the median of the last times before</caption>
<thead><tr><th scope="col">Step</th><th scope="col">What it is for</th><th scope="col">Began (UTC)</th><th scope="col" class="number">Took</th><th scope="col" class="number">Usually</th><th scope="col" class="number">Calls</th><th scope="col">Outcome</th></tr></thead>
<tbody>${steps.map(stepRow)}</tbody></table></div></section>`;

const stepRow = (step: ReportedStep): Markup =>
  markup`<tr><th scope="row">${step.name}</th><td>${step.purpose}${factsOf(step)}</td><td>${step.startedAt === null ? "–" : clock(step.startedAt)}</td><td class="number">${step.ms === null ? "–" : formatMs(step.ms)}</td><td class="number">${step.usualMs === null ? "–" : formatMs(step.usualMs)}</td><td class="number">${step.calls}</td><td>${outcomeOf(step)}${step.error === null ? null : markup`<span class="detail">${step.error}</span>`}</td></tr>`;

function factsOf({ facts }: ReportedStep): Markup | null {
  const told = Object.entries(facts);
  if (told.length === 0) return null;
  return markup`<ul class="facts-of">${told.map(([name, value]) => markup`<li>${name}: ${factOf(name, value)}</li>`)}</ul>`;
}

const factOf = (name: string, value: unknown): string =>
  name.endsWith("At") && typeof value === "number"
    ? instant(value)
    : typeof value === "string"
      ? value
      : JSON.stringify(value);

export const approvalsSection = ({
  approvals,
}: ExecutionReport): Markup => markup`<section class="whole"><h2>Approvals and consents</h2>
${
  approvals.length === 0
    ? markup`<p class="note">None was asked for: nothing was given up, and no step waited for anybody.</p>`
    : markup`<div class="scroll"><table><caption>Who agreed to what, and what was shown to them</caption>
<thead><tr><th scope="col">When (UTC)</th><th scope="col">What</th><th scope="col">Answer</th><th scope="col">By</th><th scope="col">Shown</th></tr></thead>
<tbody>${approvals.map(approvalRow)}</tbody></table></div>`
}</section>`;

const ANSWERS = {
  asked: "… asked for",
  given: "✓ given",
  refused: "✗ refused",
  "not-needed": "– not needed",
} as const;

const approvalRow = ({ at, what, answer, by, how, because, figures }: ReportedApproval): Markup =>
  markup`<tr><td>${instant(at)}</td><th scope="row">${what}</th><td>${ANSWERS[answer]}${because === null ? null : markup`<span class="detail">${because}</span>`}</td><td>${by ?? "–"}${how === "" ? null : markup`<span class="detail">${how}</span>`}</td><td>${figures.length === 0 ? "–" : markup`<ul class="figures-shown">${figures.map((line) => markup`<li>${line}</li>`)}</ul>`}</td></tr>`;

export const actorsSection = ({
  actors,
}: ExecutionReport): Markup => markup`<section class="whole"><h2>Who acted</h2>
<div class="scroll"><table><caption>As the operating system of the machine named them</caption>
<thead><tr><th scope="col">When (UTC)</th><th scope="col">Who</th><th scope="col">Did what</th></tr></thead>
<tbody>${actors.map(({ at, who, did }) => markup`<tr><td>${instant(at)}</td><th scope="row">${who}</th><td>${did}</td></tr>`)}</tbody></table></div></section>`;
