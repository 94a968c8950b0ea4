import { type Markup, markup } from "@castle/regions/page/markup.ts";
import { formatCount, formatMs, plural } from "../format.ts";
import type { ExecutionReport } from "./report.ts";
import { clock } from "./words.ts";

export function callsSection({ calls, notListed }: ExecutionReport): Markup {
  const changes = calls.filter(({ reads }) => !reads).length;
  const failed = calls.filter(({ error }) => error !== null).length;
  const ofSteps = calls.filter(({ during }) => during !== null);
  const beside = calls.filter(({ during }) => during === null);
  return markup`<section><h2>Every call to AWS and to Kubernetes</h2>
<p class="note">${plural(calls.length, "call")}: ${formatCount(changes)} that changed something (in bold), ${formatCount(calls.length - changes)} that only read; ${failed === 0 ? "none was refused or lost" : `${formatCount(failed)} refused, or without an answer`}. Those to a cluster's own API are of the service kubernetes. What is changed in databases, journals and caches stands with the steps.</p>
${callsTable(ofSteps, "Made by the steps, in the order in which they were answered")}
${beside.length === 0 ? null : callsTable(beside, "Made beside the steps: to find out what there is to do, to connect early, to keep the claim, and to look at readiness")}
<p class="note">Not in this list:</p>
<ul class="note not-listed">${notListed.map((sentence) => markup`<li>${sentence}</li>`)}</ul></section>`;
}

const callsTable = (
  calls: ExecutionReport["calls"],
  caption: string,
): Markup => markup`<div class="scroll"><table class="dense"><caption>${caption}</caption>
<thead><tr><th scope="col">Answered (UTC)</th><th scope="col">Call</th><th scope="col">Kind</th><th scope="col">Region</th><th scope="col">Step</th><th scope="col" class="number">Took</th><th scope="col">Answer</th><th scope="col">AWS request id</th></tr></thead>
<tbody>${calls.map(callRow)}</tbody></table></div>`;

const callRow = (call: ExecutionReport["calls"][number]): Markup =>
  markup`<tr class="${call.reads ? "reads" : "changes"}"><td>${clock(call.at)}</td><th scope="row">${call.service}:${call.operation}${call.resource === null ? null : markup`<span class="detail">${call.resource}</span>`}</th><td>${call.reads ? "read" : "change"}</td><td>${call.region}</td><td>${call.during ?? "–"}</td><td class="number">${formatMs(call.ms)}</td><td>${call.status === null ? "none" : String(call.status)}${call.error === null ? "" : ` ${call.error}`}</td><td>${call.requestId ?? "–"}</td></tr>`;
