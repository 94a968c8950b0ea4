import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import { type Judgement, judgePair, judgeRule } from "../judge.ts";
import type { ExamplePair, ExampleResource, Platform, Rule } from "../rule.ts";
import type { ResourceFacts } from "./resource.ts";

/** Judges one of a rule's own examples, as a stack that holds nothing else. */
export function judgeExample(rule: Rule, which: "passing" | "failing", platform: Platform): Judgement {
  if (rule.about !== "pair") return judgeRule(rule, exampleFacts(rule, which), platform);
  const { home, peer }: ExamplePair = rule.examples[which];
  return judgePair(rule, home.map(factsIn(homeRegion)), peer.map(factsIn(peerRegion)), platform);
}

/** A rule's example as the resources of a stack. */
export function exampleFacts(
  rule: Exclude<Rule, { about: "pair" }>,
  which: "passing" | "failing",
): readonly ResourceFacts[] {
  const example: ExampleResource | readonly ExampleResource[] = rule.examples[which];
  return (isList(example) ? example : [example]).map(factsIn(homeRegion));
}

const isList = (
  example: ExampleResource | readonly ExampleResource[],
): example is readonly ExampleResource[] => Array.isArray(example);

const factsIn =
  (home: string) =>
  (
    { type, name = "example", props, protect = false, ignoreChanges = [], region = home }: ExampleResource,
    at: number,
  ): ResourceFacts => ({
    type,
    name: at === 0 || name !== "example" ? name : `${name}-${at}`,
    urn: `urn:pulumi:example::castle::${type}::${name}-${at}`,
    props,
    protect,
    ignoreChanges,
    parent: null,
    dependencies: [],
    provider: { name: "cell", region },
  });
