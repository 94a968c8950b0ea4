import type { StackGraph } from "@castle/infra/plan/graph/graph.ts";
import type { Settings } from "@castle/infra/settings/settings.ts";
import type { Analyzer } from "../analyzer/analyzer.ts";
import type { Diagnostic } from "../analyzer/diagnostics.ts";
import { judgePair } from "../judge.ts";
import { factsOfGraph } from "../judged/graph-facts.ts";
import type { ResourceFacts } from "../judged/resource.ts";
import type { PairRule, ResourceRule, Rule, StackRule } from "../rule.ts";
import type { Asked, Place, RuleResult, Unjudged, Violation } from "./compliance.ts";

/** A planned stack, what is asked about it, and the pack that answers. */
export interface Subject {
  readonly settings: Settings;
  readonly resources: readonly ResourceFacts[];
}

export const subjectOf = (settings: Settings, graph: StackGraph): Subject => ({
  settings,
  resources: factsOfGraph(graph),
});

/** What one stack's rules came to: the pack's own words about each resource, and about the stack. */
export async function judgeByPack(
  { settings, resources }: Subject,
  rules: readonly (ResourceRule | StackRule)[],
  analyzer: Analyzer,
): Promise<RuleResult[]> {
  const told = [...(await analyzer.analyze(resources)), ...(await analyzer.analyzeStack(resources))];
  const byRule = Map.groupBy(told, ({ rule }) => rule);
  const byUrn = new Map(resources.map((facts) => [facts.urn, facts]));
  const { stack, profile } = settings;
  return rules.map((rule) => {
    const enforcement = rule.enforcement[profile.name];
    const looked =
      rule.about === "stack"
        ? resources.length
        : resources.filter(({ type }) => rule.types.includes(type)).length;
    return resultOf(
      rule,
      [{ stack, enforcement, looked }],
      byRule.get(rule.name) ?? [],
      ({ urn, property }) => placeOf(byUrn.get(urn), stack, urn, property),
    );
  });
}

/** Both cells together, which no pack is shown: judged here. A rule has the level of the home cell's profile. */
export function judgeCells(home: Subject, peer: Subject, rules: readonly PairRule[]): RuleResult[] {
  const { profile } = home.settings;
  const stackOf = new Map(
    [home, peer].flatMap(({ settings, resources }) => resources.map(({ urn }) => [urn, settings.stack])),
  );
  return rules.map((rule): RuleResult => {
    const enforcement = rule.enforcement[profile.name];
    const asked = [home, peer].map(({ settings, resources }) => ({
      ...{ stack: settings.stack, enforcement },
      looked: resources.length,
    }));
    if (enforcement === "disabled") return { rule, asked, violations: [], unjudged: [] };
    const { violations, unjudged } = judgePair(rule, home.resources, peer.resources, home.settings);
    const place = (facts: ResourceFacts, property: string): Place =>
      placeOf(facts, stackOf.get(facts.urn) ?? home.settings.stack, facts.urn, property);
    return {
      rule,
      asked,
      violations: violations.map(({ resource, property, found, wanted }) => ({
        ...place(resource.facts, property),
        ...{ found, wanted, enforcement, exception: null },
      })),
      unjudged: unjudged.map(({ resource, property }) => place(resource, property)),
    };
  });
}

function resultOf(
  rule: Rule,
  asked: readonly Asked[],
  told: readonly Diagnostic[],
  place: (diagnostic: Diagnostic) => Place,
): RuleResult {
  return {
    rule,
    asked,
    violations: told.flatMap((diagnostic): Violation[] => {
      if (diagnostic.kind !== "violation") return [];
      const { found, wanted, mandatory } = diagnostic;
      const enforcement = mandatory ? "mandatory" : "advisory";
      return [{ ...place(diagnostic), found, wanted, enforcement, exception: null }];
    }),
    unjudged: told.flatMap((diagnostic): Unjudged[] =>
      diagnostic.kind === "unjudged" ? [place(diagnostic)] : [],
    ),
  };
}

const placeOf = (facts: ResourceFacts | undefined, stack: string, urn: string, property: string): Place => ({
  ...{ stack, urn, property },
  type: facts?.type ?? "",
  name: facts?.name ?? "",
});

/** One result a rule, of all that the stacks came to. */
export function together(results: readonly RuleResult[]): RuleResult[] {
  return [...Map.groupBy(results, ({ rule }) => rule).entries()].map(([rule, each]) => ({
    rule,
    asked: each.flatMap(({ asked }) => asked),
    violations: each.flatMap(({ violations }) => violations),
    unjudged: each.flatMap(({ unjudged }) => unjudged),
  }));
}
