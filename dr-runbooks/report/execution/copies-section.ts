import { type Markup, markup } from "@castle/regions/page/markup.ts";
import { formatCount } from "../format.ts";
import type { ExecutionReport, ReportedCopy } from "./report.ts";
import { instant } from "./words.ts";

/** Where else the record stands, and until when nobody can remove it. */
export function copiesSection({ copies }: ExecutionReport): Markup {
  if (copies.length === 0)
    return markup`<section class="whole"><h2>The copies</h2><p class="note">The target names no buckets for evidence: the record stands in the runner's folder alone.</p></section>`;
  return markup`<section class="whole"><h2>The copies</h2>
<p class="note">Each line of the record is an object under Object Lock. A failover writes to the bucket of the region that takes over, and waits for none; castle evidence ship sends what is left once a lost region is back.</p>
<div class="scroll"><table><caption>As seen when this report was made</caption>
<thead><tr><th scope="col">Region</th><th scope="col">Bucket</th><th scope="col" class="number">Lines there</th><th scope="col">Complete</th><th scope="col">Locked until (the first line that can be removed)</th></tr></thead>
<tbody>${copies.map(copyRow)}</tbody></table></div></section>`;
}

const copyRow = (copy: ReportedCopy): Markup =>
  markup`<tr><th scope="row">${copy.region}</th><td>${copy.bucket}</td><td class="number">${copy.lines === null ? "–" : formatCount(copy.lines)} of ${formatCount(copy.of)}</td><td>${complete(copy)}${copy.problem === null ? null : markup`<span class="detail">${copy.problem}</span>`}</td><td>${lock(copy)}</td></tr>`;

function complete({ complete: yes, lines }: ReportedCopy): Markup {
  if (yes === null) return markup`<span>? not seen</span>`;
  if (yes) return markup`<span class="ok">✓ complete</span>`;
  // As a failover leaves it in the region that it was taken away from.
  if (lines === 0) return markup`<span>– nothing is there yet</span>`;
  return markup`<span class="not-ok">✗ not complete</span>`;
}

function lock({ lines, lockedUntil, modes }: ReportedCopy): Markup | string {
  if (!lines) return "–";
  return lockedUntil === null
    ? markup`<span class="not-ok">✗ not every line is locked</span>`
    : `${instant(lockedUntil)}, ${modes.join(" and ")}`;
}
