import { checkNames, questions } from "../checks/finding.ts";
import type { Comparison, Difference } from "../compare/compare.ts";
import type { StackGraph } from "../graph/graph.ts";
import { countsOf, treeOf } from "../graph/tree.ts";
import { nameOf, typeOf } from "../graph/urn.ts";
import { type Plan, planHolds } from "../plan.ts";
import { tellTree } from "./tree.ts";

/** The plan in lines for a terminal. @param verbose every resource, and every explained difference */
export const tellPlan = (plan: Plan, verbose: boolean): string[] => [
  ...plan.stacks.flatMap((graph) => [...tellStack(graph, verbose), ""]),
  ...tellChecks(plan),
  ...(plan.comparison ? ["", ...tellComparison(plan.comparison, verbose)] : []),
  "",
  `${planHolds(plan) ? "✓ the plan holds" : "✗ the plan fails"}: ${plan.stacks.length === 1 ? "one stack" : `${plan.stacks.length} stacks`} in ${plan.seconds.toFixed(1)} s`,
];

function tellStack(graph: StackGraph, verbose: boolean): string[] {
  const counts = countsOf(graph.resources);
  return [
    `${graph.stack}: ${counts.resources} resources in ${counts.components} components; ${counts.remote} of them are made by plugins of more than one, ${counts.protected} are protected`,
    ...tellTree(treeOf(graph), verbose),
    ...graph.warnings.map((warning) => `! ${warning.trim()}`),
  ];
}

const tellChecks = ({ findings }: Plan): string[] =>
  checkNames.flatMap((name) => {
    const wrong = findings.filter(({ check }) => check === name);
    if (wrong.length === 0) return [`✓ ${questions[name]}`];
    return [
      `✗ ${questions[name]}`,
      ...wrong.map(
        ({ stack, resource, message }) =>
          `  ${stack}: ${resource ? `${nameOf(resource)} (${typeOf(resource)}): ` : ""}${message}`,
      ),
    ];
  });

function tellComparison(comparison: Comparison, verbose: boolean): string[] {
  const { home, peer, resources, properties, byFact, explained, unexplained, unused } = comparison;
  const facts = Object.entries(byFact).map(([fact, count]) => `${fact} ${count}`);
  const meant = explained.reduce((sum, { differences }) => sum + differences.length, 0);
  return [
    `${unexplained.length + unused.length === 0 ? "✓" : "✗"} ${home} and ${peer} have ${resources} resources with ${properties} properties in common; ${meant} differences are meant, ${unexplained.length} are not explained`,
    ...(facts.length > 0 ? [`  the same but for the cell's own facts: ${facts.join(", ")}`] : []),
    ...(verbose
      ? explained.flatMap(({ allowance, differences }) => [
          `  ${allowance.reason}`,
          ...differences.map((difference) => `    ${tellDifference(difference, home, peer)}`),
        ])
      : []),
    ...unexplained
      .slice(0, verbose ? undefined : MOST)
      .map((difference) => `  ${tellDifference(difference, home, peer)}`),
    ...(!verbose && unexplained.length > MOST
      ? [`  and ${unexplained.length - MOST} more: --verbose, or the page, tells them`]
      : []),
    ...unused.map(
      ({ resource, property, reason }) =>
        `  the allowance for ${resource}${property ? ` ${property}` : ""} (${reason}) allows nothing: take it out of infra/plan/allowed-differences.ts`,
    ),
  ];
}

function tellDifference(
  { resource, property, home, peer }: Difference,
  ours: string,
  theirs: string,
): string {
  if (property === null) return `${resource}: only in ${home === null ? theirs : ours}`;
  return `${resource} ${property}: ${ours} ${shortened(home)} | ${theirs} ${shortened(peer)}`;
}

/** So many differences show what is wrong; all of them hide it. */
const MOST = 40;
const LONGEST = 120;

const shortened = (text: string | null): string =>
  text === null ? "nothing" : text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
