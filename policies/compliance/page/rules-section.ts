import { type Markup, markup } from "@castle/regions/page/markup.ts";
import { frameworks } from "../../frameworks.ts";
import { areas, type Rule } from "../../rule.ts";
import type { RuleResult } from "../compliance.ts";
import { evidenceOf, verdictOf, verdicts } from "../verdict.ts";

export const ruleLink = ({ name }: Rule): Markup => markup`<a href="#rule-${name}">${name}</a>`;

/** Every rule by its area: what, why, remedy, how strictly, for which controls, and what came of it. */
export const rulesSection = (results: readonly RuleResult[]): Markup =>
  markup`<section id="rules"><h2>Every rule</h2>${areas.flatMap((area) => {
    const own = results.filter(({ rule }) => rule.area === area);
    return own.length > 0 ? [markup`<h3>${area.replaceAll("-", " ")}</h3>${own.map(ruleMarkup)}`] : [];
  })}</section>`;

function ruleMarkup(result: RuleResult): Markup {
  const { name, severity, what, why, remedy, enforcement, controls } = result.rule;
  const verdict = verdictOf(result);
  const levels = Object.entries(enforcement).map(([profile, level]) => `${profile} ${level}`);
  const served = controls.map(({ framework, number }) => `${frameworks[framework].title} ${number}`);
  return markup`<div class="rule" id="rule-${name}"><h4>${name} <span class="severity ${severity}">${severity}</span> <span class="state ${verdict}">${verdicts[verdict]}</span></h4>
<p>${what} ${why}</p><p><b>Remedy:</b> ${remedy}</p><p><small>${levels.join(" · ")}. ${served.join(" · ")}. Judged: ${evidenceOf(result)}.</small></p></div>`;
}
