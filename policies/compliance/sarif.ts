import type { Enforcement, Rule, Severity } from "../rule.ts";
import { type Compliance, criticalUnjudged, type Place, type RuleResult } from "./compliance.ts";

/** GitHub's scale for `security-severity`: 9 and more is critical, 7 high, 4 medium. */
const SCORES: Readonly<Record<Severity, string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "3.0",
};

/** What was found as SARIF 2.1.0, for tools that show what analysers find. A stack's file stands for the stack. */
export function sarifOf({ results, madeAt }: Compliance): string {
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "castle-compliance", version: "0.1.0", rules: results.map(descriptorOf) } },
        invocations: [{ executionSuccessful: true, endTimeUtc: madeAt }],
        results: results.flatMap(resultsOf),
      },
    ],
  };
  return `${JSON.stringify(log, null, 1)}\n`;
}

const descriptorOf = ({ rule }: RuleResult) => ({
  id: rule.name,
  shortDescription: { text: rule.what },
  fullDescription: { text: `${rule.what} ${rule.why}` },
  help: { text: rule.remedy },
  defaultConfiguration: { level: levelOf(rule) },
  properties: {
    tags: [rule.area, ...rule.controls.map(({ framework, number }) => `${framework}/${number}`)],
    precision: "very-high",
    "problem.severity": levelOf(rule) === "error" ? "error" : "warning",
    "security-severity": SCORES[rule.severity],
  },
});

const levelOf = ({ severity }: Rule): "error" | "warning" =>
  severity === "critical" || severity === "high" ? "error" : "warning";

function resultsOf(result: RuleResult, ruleIndex: number) {
  const { rule, violations, unjudged } = result;
  const fails = new Set(criticalUnjudged(result));
  return [
    ...violations.map((violation) => ({
      ...{ ruleId: rule.name, ruleIndex, kind: "fail", level: levelAt(rule, violation.enforcement) },
      message: {
        text: `${violation.name} ${violation.property}: found ${violation.found}; wanted ${violation.wanted}. ${rule.remedy}`,
      },
      ...whereOf(rule, violation),
      ...(violation.exception
        ? {
            suppressions: [
              {
                kind: "external",
                status: "accepted",
                justification: `${violation.exception.reason} (${violation.exception.owner}, until ${violation.exception.until})`,
              },
            ],
          }
        : {}),
    })),
    ...unjudged.map((place) => ({
      // SARIF gives a level only to what fails.
      ...{ ruleId: rule.name, ruleIndex },
      ...(fails.has(place) ? { kind: "fail", level: "error" } : { kind: "open", level: "none" }),
      message: { text: `${place.name} ${place.property}: cannot be judged before deployment.` },
      ...whereOf(rule, place),
    })),
  ];
}

const levelAt = (rule: Rule, enforcement: Enforcement): "error" | "warning" | "note" =>
  enforcement === "mandatory" ? levelOf(rule) : "note";

const whereOf = (rule: Rule, { stack, urn, name, property }: Place) => ({
  locations: [
    {
      physicalLocation: {
        artifactLocation: { uri: `Pulumi.${stack}.yaml` },
        region: { startLine: 1 },
      },
      logicalLocations: [{ name, fullyQualifiedName: urn, kind: "resource" }],
    },
  ],
  // The same finding in the next run, whatever else has changed.
  partialFingerprints: { "castle/v1": `${rule.name}|${urn}|${property}` },
});
