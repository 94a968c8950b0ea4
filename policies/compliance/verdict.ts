import { advisory, criticalUnjudged, excepted, failing, type RuleResult } from "./compliance.ts";

/** What a rule's result comes to, in the order of what an auditor looks at first. */
export const verdicts = {
  fails: "fails",
  unjudged: "cannot be judged before deployment",
  excepted: "excepted for a time",
  advice: "advice",
  holds: "holds",
  nothing: "nothing there to judge",
  "not-asked": "not asked",
} as const;

export type Verdict = keyof typeof verdicts;

export function verdictOf(result: RuleResult): Verdict {
  const asked = result.asked.filter(({ enforcement }) => enforcement !== "disabled");
  if (failing(result).length + criticalUnjudged(result).length > 0) return "fails";
  if (asked.length === 0) return "not-asked";
  if (result.unjudged.length > 0) return "unjudged";
  if (excepted(result).length > 0) return "excepted";
  if (advisory(result).length > 0) return "advice";
  return asked.some(({ looked }) => looked > 0) ? "holds" : "nothing";
}

/** What was looked at: `12 resources in prd, 12 in dr`. A stack in which the rule is off is told as such. */
export const evidenceOf = ({ rule, asked }: RuleResult): string =>
  asked.length === 0
    ? "no two cells were judged together"
    : asked
        .map(({ stack, enforcement, looked }) =>
          enforcement === "disabled"
            ? `off in ${stack}`
            : rule.about === "resource"
              ? `${looked} in ${stack}`
              : `all of ${stack}`,
        )
        .join(", ");
