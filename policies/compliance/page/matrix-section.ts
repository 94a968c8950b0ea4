import { type Markup, markup } from "@castle/regions/page/markup.ts";
import { type ControlEntry, type Elsewhere, elsewhere } from "../../controls/entry.ts";
import type { RuleResult } from "../compliance.ts";
import type { Matrix, MatrixRow } from "../matrix.ts";
import { evidenceOf, verdictOf, verdicts } from "../verdict.ts";
import { ruleLink } from "./rules-section.ts";

interface Served {
  readonly result: RuleResult;
}

/** A framework: each control that rules serve, with their results and evidence, and as plainly each that none serves. */
export function matrixSection({ framework, title, covered, notCovered }: Matrix<Served>): Markup {
  const groups = (Object.keys(elsewhere) as Elsewhere[]).flatMap((who) => {
    const entries = notCovered.filter((control) => control.elsewhere === who);
    return entries.length > 0 ? [gap(who, entries)] : [];
  });
  return markup`<section id="${framework}"><h2>${title}</h2>
<p class="note">${covered.length} of ${covered.length + notCovered.length} controls are served by a rule. A rule that holds is evidence for a control; by itself it does not fulfil one.</p>
${covered.length > 0 ? markup`<div class="scroll"><table class="matrix"><thead><tr><th>Control</th><th><div class="head"><span>Rules</span><span>Result</span><span>Evidence: resources judged</span></div></th></tr></thead><tbody>${covered.map(row)}</tbody></table></div>` : null}
<h3>Not covered by any rule (${notCovered.length})</h3>
${groups.length > 0 ? groups : markup`<p class="note">None.</p>`}</section>`;
}

const row = ({ control, served }: MatrixRow<Served>): Markup =>
  markup`<tr><th>${control.number}<br><small>${control.title}</small></th><td><ul class="served">${served.map(
    ({ rule: { result }, numbers }) => {
      const verdict = verdictOf(result);
      return markup`<li><span>${ruleLink(result.rule)} <small>${numbers.filter((number) => number !== control.number).join(", ")}</small></span><span class="state ${verdict}">${verdicts[verdict]}</span><small>${evidenceOf(result)}</small></li>`;
    },
  )}</ul></td></tr>`;

const gap = (who: Elsewhere, entries: readonly ControlEntry[]): Markup =>
  markup`<p class="note">${elsewhere[who]}</p><ul class="gaps">${entries.map(({ number, title }) => markup`<li><b>${number}</b> ${title}</li>`)}</ul>`;
