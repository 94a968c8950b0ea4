import { type Markup, markup } from "@castle/regions/page/markup.ts";
import { checkNames, questions } from "../checks/finding.ts";
import type { Comparison, Difference } from "../compare/compare.ts";
import { nameOf, typeOf } from "../graph/urn.ts";
import type { Plan } from "../plan.ts";

/** Every check with what it found. */
export function checksSection({ findings }: Plan): Markup {
  const rows = checkNames.map((name) => {
    const wrong = findings.filter(({ check }) => check === name);
    const found = wrong.map(
      ({ stack, resource, message }) =>
        markup`<li>${stack}: ${resource ? markup`<b>${nameOf(resource)}</b> <code>${typeOf(resource)}</code> ` : null}${message}</li>`,
    );
    return markup`<tr><td class="${wrong.length === 0 ? "ok" : "not-ok"}">${wrong.length === 0 ? "✓ holds" : `✗ ${wrong.length}`}</td><td>${questions[name]}${found.length > 0 ? markup`<ul>${found}</ul>` : null}</td></tr>`;
  });
  return markup`<section><h2>Checks</h2><table><thead><tr><th scope="col">Verdict</th><th scope="col">What must hold</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}

/** Where the two cells differ: what nobody has explained first, then what is meant, with its reason. */
export function comparisonSection(comparison: Comparison): Markup {
  const { home, peer, resources, properties, byFact, explained, unexplained, unused } = comparison;
  const facts = Object.entries(byFact)
    .map(([fact, count]) => `${fact} (${count})`)
    .join(", ");
  return markup`<section><h2>${home} and ${peer}, property by property</h2>
<p class="note">${resources} resources with ${properties} properties are in both. ${facts ? `The same but for what each cell is told of itself and its peer: ${facts}.` : ""} Differences that are meant stand in infra/plan/allowed-differences.ts, each with its reason; any other fails the plan, and so does a reason for nothing.</p>
${unexplained.length > 0 ? markup`<h3 class="not-ok">✗ Not explained: ${unexplained.length}</h3>${table(unexplained, comparison)}` : markup`<p class="ok">✓ every difference is explained</p>`}
${unused.length > 0 ? markup`<h3 class="not-ok">✗ Reasons for nothing</h3><ul>${unused.map(({ resource, property, reason }) => markup`<li><code>${resource} ${property ?? ""}</code> ${reason}</li>`)}</ul>` : null}
${explained.map(({ allowance, differences }) => markup`<details><summary>${differences.length} · ${allowance.reason}</summary>${table(differences, comparison)}</details>`)}
</section>`;
}

const table = (differences: readonly Difference[], { home, peer }: Comparison): Markup =>
  markup`<table class="differences"><thead><tr><th scope="col" class="place">Where</th><th scope="col">${home}</th><th scope="col">${peer}</th></tr></thead><tbody>${differences.map(
    ({ resource, property, home: ours, peer: theirs }) =>
      markup`<tr><td><b>${resource.split(" ")[0] ?? ""}</b> <code>${resource.split(" ").slice(1).join(" ")}</code>${property ? markup`<br>${property}` : null}</td><td>${ours ?? "–"}</td><td>${theirs ?? "–"}</td></tr>`,
  )}</tbody></table>`;
