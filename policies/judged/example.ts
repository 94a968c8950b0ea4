import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import { type Judgement, judgePair, judgeRule } from "../judge.ts";
import type { ExamplePair, ExampleResource, Platform, Rule } from "../rule.ts";
import type { ResourceFacts } from "./resource.ts";

/** Judges one of a rule's own examples, as a stack that holds nothing else. */
export function judgeExample(rule: Rule, which: "passing" | "failing", platform: Platform): Judgement {
  if (rule.about !== "pair") return judgeRule(rule, exampleFacts(rule, which), platform);
  const { home, peer }: ExamplePair = rule.examples[which];
  return judgePair(rule, factsIn(homeRegion, home), factsIn(peerRegion, peer), platform);
}

/** A rule's example as the resources of a stack. */
export function exampleFacts(
  rule: Exclude<Rule, { about: "pair" }>,
  which: "passing" | "failing",
): readonly ResourceFacts[] {
  const example: ExampleResource | readonly ExampleResource[] = rule.examples[which];
  return factsIn(homeRegion, isList(example) ? example : [example]);
}

const isList = (
  example: ExampleResource | readonly ExampleResource[],
): example is readonly ExampleResource[] => Array.isArray(example);

const factsIn = (home: string, example: readonly ExampleResource[]): readonly ResourceFacts[] =>
  example.map(
    ({ type, name, props, protect = false, ignoreChanges = [], waitsFor = [], region = home }, at) => ({
      type,
      name: nameOf(name, at),
      urn: urnOf(type, name, at),
      props,
      protect,
      ignoreChanges,
      parent: null,
      dependencies: example.flatMap((other, place) =>
        waitsFor.includes(nameOf(other.name, place)) ? [urnOf(other.type, other.name, place)] : [],
      ),
      provider: { name: "cell", region },
    }),
  );

const nameOf = (name = "example", at: number): string =>
  at === 0 || name !== "example" ? name : `${name}-${at}`;

const urnOf = (type: string, name = "example", at: number): string =>
  `urn:pulumi:example::castle::${type}::${name}-${at}`;
