import { type Markup, markup } from "@castle/regions/page/markup.ts";
import {
  advisory,
  type Compliance,
  criticalUnjudged,
  excepted,
  failing,
  type RuleResult,
  type Violation,
} from "../compliance.ts";
import { severities } from "../tell.ts";
import { ruleLink } from "./rules-section.ts";

/** What fails, the worst first, and what is advice. */
export function violationsSection({ results }: Compliance): Markup {
  const sorted = results.toSorted(
    (a, b) => severities.indexOf(a.rule.severity) - severities.indexOf(b.rule.severity),
  );
  const rows = (of: (result: RuleResult) => readonly Violation[]): Markup[] =>
    sorted.flatMap((result) => of(result).map((violation) => violationRow(result, violation)));
  const [fails, advice] = [rows(failing), rows(advisory)];
  return markup`<section><h2>What is against a rule</h2>
${fails.length === 0 ? markup`<p class="note">Nothing is against a mandatory rule.</p>` : table(fails)}
${advice.length === 0 ? null : markup`<h3>Advice</h3>${table(advice)}`}</section>`;
}

const table = (rows: readonly Markup[]): Markup =>
  markup`<div class="scroll"><table><thead><tr><th>Rule</th><th>Where</th><th>Property</th><th>Found</th><th>Wanted</th><th>Remedy</th></tr></thead><tbody>${rows}</tbody></table></div>`;

const violationRow = ({ rule }: RuleResult, violation: Violation): Markup =>
  markup`<tr><td>${ruleLink(rule)}<br><span class="severity ${rule.severity}">${rule.severity}</span></td><td>${violation.stack} ${violation.name}<br><code>${violation.type}</code></td><td><code>${violation.property}</code></td><td>${violation.found}</td><td>${violation.wanted}</td><td>${rule.remedy}</td></tr>`;

/** What is known only after deployment: counted, never taken for good. */
export function unjudgedSection(results: readonly RuleResult[]): Markup {
  const rows = results.flatMap((result) => {
    const fails = new Set(criticalUnjudged(result));
    return result.unjudged.map(
      (place) =>
        markup`<tr><td>${ruleLink(result.rule)}</td><td>${place.stack} ${place.name}<br><code>${place.type}</code></td><td><code>${place.property}</code></td><td>${fails.has(place) ? markup`<span class="state fails">a critical rule may meet none: give the program a plain value</span>` : "judged by the deployment"}</td></tr>`,
    );
  });
  return markup`<section><h2>What cannot be judged before deployment</h2>
${rows.length === 0 ? markup`<p class="note">Every rule could judge all that it looked at.</p>` : markup`<div class="scroll"><table><thead><tr><th>Rule</th><th>Where</th><th>Property</th><th></th></tr></thead><tbody>${rows}</tbody></table></div>`}</section>`;
}

/** What is accepted for a time, and exceptions that are themselves wrong. */
export function exceptionsSection({ results, badExceptions }: Compliance): Markup {
  const rows = results.flatMap((result) =>
    excepted(result).map(
      ({ stack, name, property, exception }) =>
        markup`<tr><td>${ruleLink(result.rule)}</td><td>${stack} ${name}</td><td><code>${property}</code></td><td>${exception?.reason ?? ""}</td><td>${exception?.owner ?? ""}</td><td>${exception?.until ?? ""}</td></tr>`,
    ),
  );
  const bad = badExceptions.map(
    ({ exception, what }) =>
      markup`<li>The exception for ${exception.rule} on ${exception.resource} is ${what}: it fails the judgement.</li>`,
  );
  return markup`<section><h2>Exceptions</h2>
${bad.length > 0 ? markup`<ul class="findings">${bad}</ul>` : null}
${rows.length === 0 ? markup`<p class="note">Nothing is excepted.</p>` : markup`<div class="scroll"><table><thead><tr><th>Rule</th><th>Where</th><th>Property</th><th>Reason</th><th>Owner</th><th>Until</th></tr></thead><tbody>${rows}</tbody></table></div>`}</section>`;
}
