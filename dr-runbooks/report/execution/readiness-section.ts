import { type Markup, markup } from "@castle/regions/page/markup.ts";
import { formatMs } from "../format.ts";
import type { ExecutionReport } from "./report.ts";
import { instant } from "./words.ts";

type Looked = NonNullable<ExecutionReport["readiness"]["before"]>;
type Check = Looked["checks"][number];

const OUTCOMES: Readonly<Record<Check["outcome"], Markup>> = {
  holds: markup`<span class="ok">✓ holds</span>`,
  fails: markup`<span class="not-ok">✗ fails</span>`,
  unknown: markup`<span>? not seen</span>`,
  "not-configured": markup`<span>– not asked for</span>`,
};

/** What the checks of readiness saw before the first step and behind the last, side by side. */
export function readinessSection({ readiness: { before, after }, to, from }: ExecutionReport): Markup {
  if (!before && !after)
    return markup`<section class="whole"><h2>Readiness before and after</h2><p class="note">Nobody looked: the record holds no look at readiness.</p></section>`;
  const names = [...new Set([...(before?.checks ?? []), ...(after?.checks ?? [])].map(({ name }) => name))];
  return markup`<section><h2>Readiness before and after</h2>
<p class="note">Whether the standby could take over at once: ${to} before${from === null ? "" : `, ${from} afterwards`}. A check that was not seen in time counts as not holding; nobody waits for a lost region.</p>
<div class="scroll"><table><caption>What each check found</caption>
<thead><tr><th scope="col">Check</th><th scope="col">Before${when(before)}</th><th scope="col">After${when(after)}</th></tr></thead>
<tbody><tr><th scope="row">In all</th><td>${inAll(before)}</td><td>${inAll(after)}</td></tr>
${names.map((name) => markup`<tr><th scope="row">${name}</th>${[before, after].map((looked) => markup`<td>${cell(looked?.checks.find((check) => check.name === name))}</td>`)}</tr>`)}</tbody></table></div></section>`;
}

const when = (looked: Looked | null): Markup | null =>
  looked && markup`<br><small>${instant(looked.lookedAt)}, ${formatMs(looked.ms)}</small>`;

function inAll(looked: Looked | null): Markup {
  if (!looked) return markup`nobody looked`;
  const { ready, estimate, exposure } = looked;
  const detection =
    estimate.detectionSeconds === null ? "" : `${formatMs(estimate.detectionSeconds * 1_000)} to notice and `;
  return markup`${ready ? markup`<span class="ok">✓ ready</span>` : markup`<span class="not-ok">✗ not ready</span>`}<span class="detail">A failover was estimated at ${detection}${formatMs(estimate.recoverySeconds * 1_000)} to recover; it would have lost ${exposure.commands === null ? "what cannot be counted" : exposure.told}.</span>`;
}

const cell = (check: Check | undefined): Markup =>
  check === undefined
    ? markup`–`
    : markup`${OUTCOMES[check.outcome]}<span class="detail">${check.found}</span>`;
