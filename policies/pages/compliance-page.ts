import { type Matrix, matrices } from "../compliance/matrix.ts";
import { type Elsewhere, elsewhere } from "../controls/entry.ts";
import type { Caught } from "../misconfigurations/catch.ts";
import { areas, type Enforcement, type Rule } from "../rule.ts";

/** `docs/compliance.md`: the rules, the controls they serve, those that none serves, and what each rule was seen to catch. */
export const renderCompliancePage = (rules: readonly Rule[], caught: readonly Caught[]): string =>
  [
    "# Compliance",
    "",
    "Made from [the policy pack](../policies) by `node scripts/pages.ts`; do not edit it here.",
    "",
    `${rules.length} rules judge what the stacks' programs ask for, before anything is made: with \`castle compliance prd dr\`, without an account, or with \`pulumi preview --policy-pack policies\`. Rules that compare both cells are judged by \`castle compliance\` alone, since Pulumi shows a pack one stack. A violation of a mandatory rule fails; so does a critical rule that meets what is known only after deployment, and an exception in [policies/exceptions.ts](../policies/exceptions.ts) that has expired or that nothing needs.`,
    "",
    "- [Rules](#rules)",
    "- [Controls](#controls)",
    "- [What each rule was seen to catch](#what-each-rule-was-seen-to-catch)",
    "",
    "## Rules",
    "",
    ...areas.flatMap((area) => areaSection(area, rules)),
    "## Controls",
    "",
    "A rule that holds is evidence for a control; by itself it does not fulfil one.",
    "",
    ...matrices(rules).flatMap(frameworkSection),
    ...caughtSection(caught),
  ].join("\n");

function areaSection(area: Rule["area"], rules: readonly Rule[]): string[] {
  const own = rules.filter((rule) => rule.area === area);
  if (own.length === 0) return [];
  return [
    `### ${titleOf(area)}`,
    "",
    "| rule | what must hold, and why | remedy | severity | enforced |",
    "| --- | --- | --- | --- | --- |",
    ...own.map((rule) =>
      row([
        `<a id="${rule.name}"></a>\`${rule.name}\``,
        `${rule.what} ${rule.why}`,
        rule.remedy,
        rule.severity,
        enforcedIn(rule),
      ]),
    ),
    "",
  ];
}

/** `mandatory; preview: off`: the level of most profiles first. */
function enforcedIn({ enforcement, about }: Rule): string {
  const words: Readonly<Record<Enforcement, string>> = {
    mandatory: "mandatory",
    advisory: "advice",
    disabled: "off",
  };
  const { production, nonproduction, preview } = enforcement;
  const others = Object.entries({ nonproduction, preview }).filter(([, level]) => level !== production);
  const levels = [
    words[production],
    ...others.map(([profile, level]) => `${profile}: ${words[level]}`),
    ...(about === "pair" ? ["both cells together"] : []),
  ];
  return levels.join("; ");
}

function frameworkSection({ title, covered, notCovered }: Matrix<Rule>): string[] {
  return [
    `### ${title}`,
    "",
    `${covered.length} of ${covered.length + notCovered.length} controls are served by a rule.`,
    "",
    ...(covered.length > 0
      ? [
          "| control | rules |",
          "| --- | --- |",
          ...covered.map(({ control, served }) =>
            row([
              `${control.number} ${control.title}`,
              served
                .map(({ rule, numbers }) => {
                  const closer = numbers.filter((number) => number !== control.number);
                  return `[${rule.name}](#${rule.name})${closer.length > 0 ? ` (${closer.join(", ")})` : ""}`;
                })
                .join("<br/>"),
            ]),
          ),
          "",
        ]
      : []),
    `Not covered by any rule: ${notCovered.length === 0 ? "none." : ""}`,
    "",
    ...(Object.keys(elsewhere) as Elsewhere[]).flatMap((who) => {
      const entries = notCovered.filter((control) => control.elsewhere === who);
      return entries.length === 0
        ? []
        : [
            `- **${elsewhere[who]}**: ${entries.map(({ number, title: what }) => `${number} ${what}`).join("; ")}`,
          ];
    }),
    "",
  ];
}

const caughtSection = (caught: readonly Caught[]): string[] => [
  "## What each rule was seen to catch",
  "",
  `Each of these ${caught.length} mistakes was made in what the program plans for \`prd\` and \`dr\`, one at a time, and every rule judged the outcome. A test makes them again.`,
  "",
  "| mistake | reported by the rule meant for it | and by |",
  "| --- | --- | --- |",
  ...caught.map(({ misconfiguration: { what, rule }, by }) =>
    row([
      what,
      by.includes(rule) ? link(rule) : "nobody",
      by
        .filter((name) => name !== rule)
        .map(link)
        .join("<br/>"),
    ]),
  ),
  "",
];

const link = (name: string): string => `[${name}](#${name})`;

const titleOf = (area: string): string => area.charAt(0).toUpperCase() + area.slice(1).replaceAll("-", " ");

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
