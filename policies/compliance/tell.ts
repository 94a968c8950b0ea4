import { frameworks } from "../frameworks.ts";
import type { Severity } from "../rule.ts";
import {
  advisory,
  type Compliance,
  criticalUnjudged,
  excepted,
  failing,
  holds,
  type Place,
  type RuleResult,
  type Violation,
} from "./compliance.ts";

export const severities: readonly Severity[] = ["critical", "high", "medium", "low"];

/** What was found, in lines for a terminal: what fails by severity, what is advice, what could not be judged. */
export const tellCompliance = (compliance: Compliance): string[] => [
  ...bySeverity(compliance.results).flatMap(tellFailing),
  ...bySeverity(compliance.results).flatMap(tellAdvisory),
  ...tellExceptions(compliance),
  ...tellUnjudged(compliance.results),
  ...(compliance.pair === null && compliance.results.some(({ rule }) => rule.about === "pair")
    ? ["! rules about both cells together were not asked: name the two stacks of one platform", ""]
    : []),
  ...tellSum(compliance),
];

const bySeverity = (results: readonly RuleResult[]): RuleResult[] =>
  results.toSorted((a, b) => severities.indexOf(a.rule.severity) - severities.indexOf(b.rule.severity));

function tellFailing(result: RuleResult): string[] {
  const violations = failing(result);
  const { rule } = result;
  if (violations.length === 0) return [];
  return [
    `✗ ${rule.severity}: ${rule.name}: ${rule.what}`,
    ...most(violations.map(tellViolation)),
    `    remedy: ${rule.remedy}`,
    "",
  ];
}

function tellAdvisory(result: RuleResult): string[] {
  const violations = advisory(result);
  if (violations.length === 0) return [];
  return [
    `! advice (${result.rule.severity}): ${result.rule.name}: ${result.rule.remedy}`,
    ...most(violations.map(tellViolation)),
    "",
  ];
}

const tellViolation = (violation: Violation): string =>
  `  ${tellPlace(violation)}: found ${violation.found}; wanted ${violation.wanted}`;

const tellPlace = ({ stack, name, type, property }: Place): string =>
  `${stack} ${name} (${type}) ${property}`;

function tellExceptions({ results, badExceptions }: Compliance): string[] {
  const accepted = results.flatMap((result) =>
    excepted(result).map(
      (violation) =>
        `· accepted until ${violation.exception?.until} by ${violation.exception?.owner}: ${result.rule.name}: ${tellPlace(violation)}: ${violation.exception?.reason}`,
    ),
  );
  const bad = badExceptions.map(
    ({ exception, what }) =>
      `✗ exception for ${exception.rule} on ${exception.resource} in ${exception.stacks.join(", ")}: ${
        what === "expired"
          ? `expired on ${exception.until}: mend what it excepted, or have ${exception.owner} renew it`
          : `${what === "unused" ? "nothing needs it" : "there is no such rule"}: take it out of policies/exceptions.ts`
      }`,
  );
  return accepted.length + bad.length === 0 ? [] : [...most(accepted), ...bad, ""];
}

function tellUnjudged(results: readonly RuleResult[]): string[] {
  const critical = results.flatMap((result) =>
    criticalUnjudged(result).map((place) => `  ${result.rule.name}: ${tellPlace(place)}`),
  );
  const others = results.flatMap((result) =>
    criticalUnjudged(result).length > 0
      ? []
      : result.unjudged.map((place) => `  ${result.rule.name}: ${tellPlace(place)}`),
  );
  return [
    ...(critical.length > 0
      ? [
          "✗ critical rules cannot be judged before deployment: give the program plain values there",
          ...most(critical),
          "",
        ]
      : []),
    ...(others.length > 0 ? ["! cannot be judged before deployment", ...most(others), ""] : []),
  ];
}

function tellSum(compliance: Compliance): string[] {
  const { results, stacks, framework, seconds } = compliance;
  const sum = (count: (result: RuleResult) => number): number =>
    results.reduce((total, result) => total + count(result), 0);
  const resources = stacks.reduce((total, stack) => total + stack.resources, 0);
  const failed = sum((result) => failing(result).length);
  const counts = [
    `${results.length} ${results.length === 1 ? "rule" : "rules"}${framework ? ` that serve ${frameworks[framework].title}` : ""} over ${resources} resources of ${stacks.map(({ stack }) => stack).join(", ")}`,
    `${failed} ${failed === 1 ? "violation" : "violations"}`,
    `${sum((result) => advisory(result).length)} advisory`,
    `${sum((result) => excepted(result).length)} excepted`,
    `${sum((result) => result.unjudged.length)} not to be judged before deployment`,
  ];
  return [`${holds(compliance) ? "✓" : "✗"} ${counts.join("; ")}; ${seconds.toFixed(1)} s`];
}

/** So many show what is wrong; all of them hide it. */
const MOST = 8;

const most = (lines: readonly string[]): string[] =>
  lines.length <= MOST
    ? [...lines]
    : [...lines.slice(0, MOST), `    and ${lines.length - MOST} more: --json, or the page, tells them`];
