import { type Markup, markup } from "@castle/regions/page/markup.ts";
import { stillPage } from "@castle/regions/page/still-page.ts";
import { frameworks } from "../../frameworks.ts";
import {
  type Compliance,
  criticalUnjudged,
  excepted,
  failing,
  holds,
  type RuleResult,
} from "../compliance.ts";
import { type Matrix, matrices } from "../matrix.ts";
import { matrixSection } from "./matrix-section.ts";
import { rulesSection } from "./rules-section.ts";
import { exceptionsSection, unjudgedSection, violationsSection } from "./sections.ts";
import { complianceStyle } from "./style.ts";

/** The judgement as an auditor is handed it: one HTML file, light and dark, without scripts. */
export function renderCompliance(compliance: Compliance): string {
  const { stacks, framework, results, madeAt, seconds } = compliance;
  const names = stacks.map(({ stack }) => stack).join(", ");
  const all = matrices(
    results.map((result) => ({ controls: result.rule.controls, result })),
    framework,
  );
  return stillPage({
    title: `Compliance of ${names}`,
    style: complianceStyle,
    header: header(compliance, all, names),
    main: markup`${violationsSection(compliance)}
${unjudgedSection(results)}
${exceptionsSection(compliance)}
${all.map(matrixSection)}
${rulesSection(results)}`,
    footer: `Judged on ${madeAt} in ${seconds.toFixed(1)} s, from what the stacks' programs ask for, without an account. What a deployment made of it is for its own checks to say.`,
  });
}

function header(compliance: Compliance, all: readonly Matrix<unknown>[], names: string): Markup {
  const { results, stacks, framework, madeAt } = compliance;
  const good = holds(compliance);
  const resources = stacks.reduce((total, stack) => total + stack.resources, 0);
  const failed = count(results, (result) => failing(result).length);
  const blind = count(results, (result) => result.unjudged.length);
  const accepted = count(results, (result) => excepted(result).length);
  const covered = all.reduce((total, matrix) => total + matrix.covered.length, 0);
  const controls = covered + all.reduce((total, matrix) => total + matrix.notCovered.length, 0);
  return markup`<header>
<p class="eyebrow">Castle compliance · ${madeAt}</p>
<h1>Compliance of ${names} <span class="verdict ${good ? "pass" : "fail"}">${good ? "✓ holds" : "✗ fails"}</span></h1>
<p class="lead">${results.length} rules${framework ? ` that serve ${frameworks[framework].title}` : ""} over every resource that the stacks would make, before anything is made.${compliance.pair ? ` ${compliance.pair.home} and ${compliance.pair.peer} were judged together, too, as the two cells of one platform.` : " No two cells were judged together."}</p>
<ul class="figures">
${figure(String(failed), failed === 1 ? "violation" : "violations", "of mandatory rules", failed > 0)}
${figure(String(resources), "resources judged", `by ${results.length} rules`, false)}
${figure(`${covered} of ${controls}`, "controls served by a rule", "the others are listed with who shows them", false)}
${figure(String(blind), "not to be judged yet", "known only after deployment", count(results, (result) => criticalUnjudged(result).length) > 0)}
${figure(String(accepted), "excepted", "for a time, by a role that answers for it", compliance.badExceptions.length > 0)}
</ul>
<nav>${all.map(({ framework: each, title }) => markup`<a href="#${each}">${title}</a>`)}<a href="#rules">Rules</a></nav>
</header>`;
}

const count = (results: readonly RuleResult[], of: (result: RuleResult) => number): number =>
  results.reduce((total, result) => total + of(result), 0);

const figure = (value: string, name: string, note: string, bad: boolean): Markup =>
  markup`<li><strong class="${bad ? "bad" : "good"}">${value}</strong><span>${name}</span><small>${note}</small></li>`;
