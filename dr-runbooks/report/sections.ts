import { type Markup, markup } from "@castle/regions/page/markup.ts";
import { closeUp, phaseColours } from "./chart/close-up.ts";
import { overview } from "./chart/overview.ts";
import { auditLines, holds } from "./findings.ts";
import { formatBytes, formatCount, formatMs, plural } from "./format.ts";
import type { AuditKey, Evidence, Handover, HandoverStep, Report, SteadyPhase } from "./report.ts";

const verdictOf = (ok: boolean): Markup =>
  ok ? markup`<span class="ok">✓ holds</span>` : markup`<span class="not-ok">✗ does not hold</span>`;

export const timelineSection = (report: Report): Markup => markup`<section>
<h2>What happened</h2>
<p class="note">Shaded: nothing was acknowledged. The marks under the coloured band are the runbooks' steps. Each column shows the middle of its medians and the worst of its p99, so no spike is averaged away.</p>
<div class="scroll">${overview(report)}</div>
</section>`;

export const handoverSection = (report: Report, handover: Handover, i: number): Markup => markup`<section>
<h2>${handover.kind === "failover" ? "Failover" : "Switchover"} to ${handover.to}, epoch ${handover.epoch}</h2>
<p class="note">${recovery(handover)}</p>
<div class="scroll">${closeUp(report, handover, `handover-${i + 1}`)}</div>
<ul class="phases" aria-label="Phases">${Object.entries(handover.phasesMs).map(
  ([name, ms], k) => markup`<li class="phase-${k % phaseColours}"><i></i>${name} <b>${formatMs(ms)}</b></li>`,
)}</ul>
${handover.evidence && evidence(handover.evidence)}
<details><summary>${plural(handover.steps.length, "step")}, what each is for and how long it took</summary>${steps(handover)}</details>
</section>`;

function evidence(told: Evidence): Markup {
  const ready = (is: boolean | null): string =>
    is === null ? "nobody looked" : is ? "✓ ready to take over" : "✗ not ready to take over";
  const facts: [string, Markup | string][] = [
    [
      "Execution",
      told.report === null ? told.execution : markup`<a href="${told.report}">${told.execution}</a>`,
    ],
    ["Record", told.holds ? `✓ ${plural(told.lines, "line")}, all as they were written` : "✗ it was altered"],
    ["Root hash", markup`<code>${told.root}</code>`],
    ["Head hash", markup`<code>${told.head}</code>`],
    [
      "Calls to AWS, approvals",
      `${plural(told.calls, "call")}, ${formatCount(told.changes)} of them changes; ${plural(told.approvals, "approval")} given`,
    ],
    ["The peer before, and after", `${ready(told.readyBefore)}; ${ready(told.readyAfter)}`],
  ];
  return markup`<dl aria-label="Evidence">${facts.map(([term, text]) => markup`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>`;
}

function recovery(handover: Handover): string {
  const { traders, fullRateMs } = handover;
  const half =
    traders.p50Ms === null ? "" : ` Half of the traders were served again after ${formatMs(traders.p50Ms)}`;
  const all =
    traders.back === traders.count && traders.maxMs !== null
      ? `, all ${formatCount(traders.count)} after ${formatMs(traders.maxMs)}.`
      : `; ${formatCount(traders.count - traders.back)} of ${formatCount(traders.count)} were not served again.`;
  const rate =
    fullRateMs === null
      ? "The requested rate did not come back."
      : `The requested rate was back after ${formatMs(fullRateMs)}.`;
  const tail = handover.kind === "failover" ? ` ${replayed(handover.replayed)}` : "";
  return `As the traders saw it: ${formatMs(handover.clientGapMs)} without an acknowledged command.${half}${half && all} ${rate}${tail}`;
}

const replayed = (n: number): string =>
  n === 0
    ? "This region's database had everything that its journal held."
    : `${plural(n, "acknowledged command")} had not reached this region's database and came out of its journal.`;

const steps = (handover: Handover): Markup => markup`<div class="scroll"><table>
<thead><tr><th scope="col">Step</th><th scope="col">Purpose</th><th scope="col" class="number">Began</th><th scope="col" class="number">Took</th><th scope="col">Outcome</th></tr></thead>
<tbody>${handover.steps.map(
  (step) =>
    markup`<tr><th scope="row">${step.name}</th><td>${step.purpose}</td><td class="number">${formatMs(Math.max(0, step.startMs - handover.startMs))}</td><td class="number">${formatMs(step.endMs - step.startMs)}</td><td>${outcome(step)}</td></tr>`,
)}</tbody></table></div>`;

function outcome({ outcome, error }: HandoverStep): Markup {
  if (outcome === "done") return markup`<span class="ok">✓ done</span>`;
  if (outcome === "already-done") return markup`<span class="ok">✓ was done already</span>`;
  return markup`<span class="not-ok">✗ ${outcome}, and not needed to go on</span> ${error}`;
}

export const auditSection = (report: Report): Markup => markup`<section>
<h2>Audit</h2>
<p class="note">What the traders were told, held against what stands in the surviving databases: ${checked(report)}.</p>
<div class="scroll"><table>
<thead><tr><th scope="col">Question</th><th scope="col">What must hold</th><th scope="col" class="number">Found</th><th scope="col">Verdict</th></tr></thead>
<tbody>${auditLines.map(
  ({ key, name, claim }) =>
    markup`<tr><th scope="row">${name}</th><td>${claim}</td><td class="number">${found(report, key)}</td><td>${verdictOf(holds(report.audit, key))}</td></tr>`,
)}</tbody></table></div>
${report.audit.examples.length > 0 ? examples(report) : null}
</section>`;

const checked = (report: Report): string =>
  Object.entries(report.audit.checked)
    .map(([thing, n]) => `${formatCount(n)} ${thing}`)
    .join(", ") || "nothing was looked at";

const found = (report: Report, key: AuditKey): string =>
  key === "conserved" ? (report.audit.conserved ? "yes" : "no") : formatCount(report.audit[key]);

const examples = (report: Report): Markup => markup`<h3>Examples</h3><div class="scroll"><table>
<thead><tr><th scope="col">Kind</th><th scope="col">What was found</th></tr></thead>
<tbody>${report.audit.examples.map(
  ({ of, text }) =>
    markup`<tr><th scope="row">${auditLines.find(({ key }) => key === of)?.name ?? of}</th><td><code>${text}</code></td></tr>`,
)}</tbody></table></div>`;

export const checksSection = (report: Report): Markup => markup`<section>
<h2>Checks</h2>
<p class="note">The verdict is pass only if every one of them holds that is judged. A figure of speed is not judged where something other than Castle held the machine while it was taken.</p>
<div class="scroll"><table>
<thead><tr><th scope="col">Check</th><th scope="col">Wanted</th><th scope="col">Found</th><th scope="col">Verdict</th></tr></thead>
<tbody>${report.checks.map(
  ({ name, wanted, found: value, ok, judged, reason }) =>
    markup`<tr><th scope="row">${name}</th><td>${wanted}</td><td>${value}</td><td>${judged ? verdictOf(ok) : markup`<span class="unjudged">– not judged</span>: ${reason}`}</td></tr>`,
)}</tbody></table></div>
</section>`;

export const loadSection = (report: Report): Markup => markup`<section>
<h2>Load</h2>
<p class="note">Open loop: every request has its time, and its latency counts from there, whether or not the one before was answered. Acknowledged are commands that were told to be durable, refused those that failed for a reason of their own; an error is a first attempt without a usable answer.</p>
<div class="scroll"><table>
<thead><tr><th scope="col">Phase</th><th scope="col" class="number">Sent</th><th scope="col" class="number">Acknowledged</th><th scope="col" class="number">Refused</th><th scope="col" class="number">Queries</th><th scope="col" class="number">Errors</th><th scope="col" class="number">Median</th><th scope="col" class="number">p95</th><th scope="col" class="number">p99</th><th scope="col" class="number">Longest</th></tr></thead>
<tbody>${report.load.steady.map(loadRow)}${loadRow({ ...report.load, name: "Whole drill (latency: the steady phases)" })}</tbody></table></div>
</section>`;

type LoadRow = Pick<
  SteadyPhase,
  "name" | "sent" | "acknowledged" | "refused" | "answered" | "errors" | "latencyMs"
>;

const loadRow = ({ name, sent, acknowledged, refused, answered, errors, latencyMs }: LoadRow): Markup => {
  const shown = latencyMs
    ? [latencyMs.p50, latencyMs.p95, latencyMs.p99, latencyMs.max].map(formatMs)
    : ["–", "–", "–", "–"];
  return markup`<tr><th scope="row">${name}</th>${[
    ...[sent, acknowledged, refused, answered, errors].map(formatCount),
    ...shown,
  ].map((cell) => markup`<td class="number">${cell}</td>`)}</tr>`;
};

export function environmentSection(report: Report): Markup {
  const { machine, versions, options } = report;
  const facts: [string, string][] = [
    ["Command", command(report)],
    ["Load", `${report.load.requestedRps} requests per second, ${plural(options.accounts, "trader")}`],
    ["Symbols", options.symbols.join(", ")],
    ["Round trip between the regions", formatMs(report.rttMs)],
    ["Seed", String(report.seed)],
    ["Limits of speed", options.judgeSpeed ? "judged" : "not judged: this drill asks for correctness alone"],
    ["Duration", formatMs(report.durationMs)],
    ["Both cells ready after", report.labUpMs === null ? "the lab ran already" : formatMs(report.labUpMs)],
    ["Memory of the whole lab, at most", formatBytes(report.memory.peakBytes)],
    ["Machine", `${plural(machine.cpus, "core")}, ${machine.model}, ${formatBytes(machine.memoryBytes)}`],
    ["System", machine.system],
    [
      "Versions",
      `Castle ${versions.castle}, Node ${versions.node}, PostgreSQL ${versions.postgres}, Redis ${versions.redis}`,
    ],
  ];
  return markup`<section><h2>Environment</h2><dl>${facts.map(
    ([term, text]) =>
      markup`<div><dt>${term}</dt><dd>${term === "Command" ? markup`<code>${text}</code>` : text}</dd></div>`,
  )}</dl></section>`;
}

/** What to type to play the same drill again. */
export function command(report: Report): string {
  const scenario =
    report.sabotage === report.scenario
      ? ` --break ${report.sabotage}`
      : `${report.scenario === "region-loss" ? "" : ` --scenario ${report.scenario}`}${report.sabotage ? ` --break ${report.sabotage}` : ""}`;
  return `castle drill --rps ${report.load.requestedRps} --seconds ${report.options.seconds} --seed ${report.seed} --symbols ${report.options.symbols.length} --rtt ${report.rttMs} --accounts ${report.options.accounts}${scenario}`;
}
