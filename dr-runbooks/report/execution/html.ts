import { type Markup, markup } from "@castle/regions/page/markup.ts";
import { formatCount, formatMs, plural } from "../format.ts";
import { reportPage } from "../page.ts";
import { callsSection } from "./calls-section.ts";
import { copiesSection } from "./copies-section.ts";
import { readinessSection } from "./readiness-section.ts";
import type { ExecutionReport, RecoveryPoint } from "./report.ts";
import {
  actorsSection,
  approvalsSection,
  objectivesSection,
  stepsSection,
  timelineSection,
} from "./sections.ts";
import { executionStyle } from "./style.ts";
import { instant, standingOf } from "./words.ts";

/**
 * The report as one HTML file that asks nothing of the network: readable without scripts, on paper and in grey. The same
 * report always gives the same bytes.
 */
export function renderExecution(report: ExecutionReport): string {
  return reportPage({
    title: `${title(report)} · ${report.id}`,
    style: executionStyle,
    header: header(report),
    main: markup`${objectivesSection(report)}
${timelineSection(report)}
${stepsSection(report)}
${approvalsSection(report)}
${actorsSection(report)}
${readinessSection(report)}
${callsSection(report)}
${evidenceSection(report)}
${copiesSection(report)}`,
    footer: `Made from the execution's record on ${instant(report.madeAt)}. The same, for machines, stands in report.json beside this file. All times are UTC.`,
  });
}

const title = ({ runbook, to }: ExecutionReport): string =>
  `${runbook.charAt(0).toUpperCase()}${runbook.slice(1)} ${runbook === "failover" || runbook === "switchover" ? "to" : "of"} ${to}`;

function header(report: ExecutionReport): Markup {
  const { from, to, epoch, id, target, startedAt, endedAt, actors } = report;
  const facts: [string, string][] = [
    ["Execution", id],
    ["Castle", `${target.name} (${target.kind === "lab" ? "a lab on one machine" : "AWS"})`],
    ["Where", from === null ? to : `${from} → ${to}`],
    ["Epoch", String(epoch)],
    ["Began", instant(startedAt)],
    ["Ended", endedAt === null ? "at work" : instant(endedAt)],
    ["Begun by", actors[0]?.who ?? "not told"],
    ["Fingerprint of the signing key", report.evidence.key ?? "unknown"],
  ];
  return markup`<header>
<p class="eyebrow">Castle · evidence of an execution</p>
<h1>${title(report)} ${standingOf(report)}</h1>
<p class="lead">${report.verdict}</p>
<ul class="figures">${figures(report)}</ul>
<dl class="facts">${facts.map(([term, text]) => markup`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>
</header>`;
}

function figures(report: ExecutionReport): Markup[] {
  const { recoveryTime, recoveryPoint, steps, calls, evidence } = report;
  const done = steps.filter(({ outcome }) => outcome === "done" || outcome === "already-done").length;
  const changes = calls.filter(({ reads }) => !reads).length;
  return [
    ...(recoveryTime
      ? [
          figure(
            recoveryTime.foundMs === null ? "–" : formatMs(recoveryTime.foundMs),
            "recovery time",
            recoveryTime.wantedMs === null
              ? "no objective is set"
              : `objective: ${formatMs(recoveryTime.wantedMs)}`,
            recoveryTime.met === false,
          ),
        ]
      : []),
    ...(recoveryPoint
      ? [
          figure(
            ...pointFigure(recoveryPoint, report.replayed),
            recoveryPoint.met === false || recoveryPoint.how === "unknown" || recoveryPoint.how === "bounded",
          ),
        ]
      : []),
    figure(
      `${done} of ${steps.length}`,
      "steps done",
      `${plural(calls.length, "call")} heard, ${changes} of them changes`,
      false,
    ),
    figure(
      evidence.holds ? "✓ whole" : "✗ altered",
      "evidence",
      `${plural(evidence.lines, "line")}, chained and signed`,
      !evidence.holds,
    ),
  ];
}

/** Value, name, note: how far the figure can be trusted stands in the note. */
function pointFigure(point: RecoveryPoint, replayed: number): [string, string, string] {
  const { how, lost, bound } = point;
  switch (how) {
    case "proved":
      return ["0", "acknowledged commands lost", `proved: ${plural(replayed, "command")} out of the journal`];
    case "measured":
      return [formatCount(lost ?? 0), "acknowledged commands lost", "measured in the old writer"];
    case "bounded":
      return bound?.soloSeconds == null
        ? ["?", "acknowledged commands lost", "no limit is known; not measured yet"]
        : [
            `≤ ${formatMs(bound.soloSeconds * 1_000)}`,
            "of acknowledged commands at risk",
            "known at consent; not measured yet",
          ];
    case "unknown":
      return ["?", "acknowledged commands lost", "unknown until reconcile"];
    default:
      return how satisfies never;
  }
}

const figure = (value: string, name: string, note: string, bad: boolean): Markup =>
  markup`<li><strong class="${bad ? "bad" : "good"}">${value}</strong><span>${name}</span><small>${note}</small></li>`;

function evidenceSection({ evidence }: ExecutionReport): Markup {
  const facts: [string, string | Markup][] = [
    [
      "Verified when this report was made",
      evidence.holds ? "✓ every line is as it was written" : "✗ it was altered",
    ],
    ["Lines", formatCount(evidence.lines)],
    ["Root hash", markup`<code class="hash">${evidence.root}</code>`],
    ["Head hash", markup`<code class="hash">${evidence.head}</code>`],
    ["Key", markup`<code class="hash">${evidence.key ?? "unknown"}</code>`],
  ];
  return markup`<section class="whole"><h2>The chain</h2>
<p class="note">Every line of the record holds the hash (SHA-256) of the one before and is signed (Ed25519). The root is the hash of the execution's name, the head that of the last line: whoever notes the head can show later that nothing up to it was changed, removed, moved or added.</p>
<dl class="chain">${facts.map(([term, text]) => markup`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>
${evidence.problems.length === 0 ? null : markup`<ul class="findings">${evidence.problems.map((problem) => markup`<li>${problem}</li>`)}</ul>`}
<p class="note">To verify it, with a public key from where nobody who can write the records reaches:</p>
<code class="command">${evidence.command}</code></section>`;
}
