import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Markup, markup } from "@castle/regions/page/markup.ts";
import { type ComparedPlay, type Comparison, comparisonSchema } from "./comparison.ts";
import { formatBytes, formatCount, formatInstant, formatMs, plural } from "./format.ts";
import { reportPage } from "./page.ts";

/** The comparison as one HTML file that asks nothing of the network. The same comparison gives the same bytes. */
export function renderComparison(comparison: Comparison): string {
  const { plays, verdict, startedAt, durationMs, machine } = comparison;
  const failed = plays.filter((play) => play.verdict === "fail");
  return reportPage({
    title: `${plural(plays.length, "drill")}: ${verdict}`,
    header: markup`<header>
<p class="eyebrow">Castle drills · ${formatInstant(startedAt)}</p>
<h1>${plural(plays.length, "drill")}, one after the other <span class="verdict ${verdict}">${verdict === "pass" ? "✓ pass" : "✗ fail"}</span></h1>
<p class="lead">${failed.length === 0 ? "Every story held what it promised." : `${plural(failed.length, "story", "stories")} did not hold what ${failed.length === 1 ? "it" : "they"} promised.`} ${formatMs(durationMs)} in all, on ${String(machine.cpus)} × ${machine.model}, ${formatBytes(machine.memoryBytes)}.</p>
${failed.length > 0 ? markup`<ul class="findings">${failed.map((play) => play.findings.map((finding) => markup`<li><strong>${play.scenario}</strong> (seed ${play.seed}): ${finding}</li>`))}</ul>` : null}
</header>`,
    main: markup`<section>
<h2>The stories</h2>
<p class="note">Latencies are of the steady phases, and for information: nothing here is judged by speed.</p>
<div class="scroll"><table>
<thead><tr><th scope="col">Scenario</th><th scope="col">Verdict</th><th scope="col">What happens, and what must hold</th><th scope="col">Without an acknowledgement</th><th scope="col" class="number">Acknowledged</th><th scope="col" class="number">Errors</th><th scope="col" class="number">Lost</th><th scope="col" class="number">p50</th><th scope="col" class="number">p99</th><th scope="col" class="number">Took</th></tr></thead>
<tbody>${plays.map(row)}</tbody>
</table></div>
</section>`,
    footer:
      "The same figures, for machines, stand in comparison.json beside this file. A seed plays the same requests again: castle drill --scenario NAME --seed N.",
  });
}

function row(play: ComparedPlay): Markup {
  const { scenario, nth, seed, verdict, happens, holds, gaps, counts, latencyMs, tookMs, report } = play;
  const name = nth === 1 ? scenario : `${scenario} (${nth})`;
  const told = (n: number | undefined): string => (n === undefined ? "–" : formatCount(n));
  return markup`<tr>
<th scope="row">${report === null ? name : markup`<a href="${report}">${name}</a>`}<br><small>seed ${seed}</small></th>
<td class="${verdict === "pass" ? "ok" : "not-ok"}">${verdict === "pass" ? "✓ pass" : "✗ fail"}</td>
<td>${happens}.<br><small>${holds}.</small></td>
<td>${gaps.length === 0 ? "no handover" : gaps.map((gap) => `${gap.kind} ${formatMs(gap.ms)}`).join(", ")}</td>
<td class="number">${told(counts?.acknowledged)}</td>
<td class="number">${told(counts?.errors)}</td>
<td class="number">${told(counts?.lost)}</td>
<td class="number">${latencyMs ? formatMs(latencyMs.p50) : "–"}</td>
<td class="number">${latencyMs ? formatMs(latencyMs.p99) : "–"}</td>
<td class="number">${formatMs(tookMs)}</td>
</tr>`;
}

/**
 * Writes comparison.json and comparison.html into the folder. @returns the page's path
 * @throws ZodError when the comparison is not one
 */
export async function writeComparison(comparison: Comparison, folder: string): Promise<string> {
  const whole = comparisonSchema.parse(comparison);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "comparison.json"), `${JSON.stringify(whole, null, 2)}\n`);
  const page = join(folder, "comparison.html");
  await writeFile(page, renderComparison(whole));
  return page;
}
