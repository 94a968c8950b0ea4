import { NotKnown, Resource, type ResourceFacts } from "./judged/resource.ts";
import type { Finding, PairRule, Platform, ResourceRule, Rule, Stack, StackRule } from "./rule.ts";

/** What came of a rule: what is against it, and what it could not judge yet. */
export interface Judgement {
  readonly rule: Rule;
  readonly violations: readonly Finding[];
  /** Properties that are known only after deployment. */
  readonly unjudged: readonly NotKnown[];
  /** How many resources it looked at. */
  readonly looked: number;
}

export function judgeResources(
  rule: ResourceRule,
  resources: readonly ResourceFacts[],
  platform: Platform,
): Judgement {
  const stack = new Judging(resources);
  const subjects = stack.ofType(...rule.types);
  const violations = stack.judgeEach(subjects, (resource) => rule.judge(resource, platform));
  return { rule, violations, unjudged: stack.unjudged, looked: subjects.length };
}

export function judgeStack(
  rule: StackRule,
  resources: readonly ResourceFacts[],
  platform: Platform,
): Judgement {
  const stack = new Judging(resources);
  return conclude(rule, [stack], () => rule.judge(stack, platform));
}

export function judgePair(
  rule: PairRule,
  home: readonly ResourceFacts[],
  peer: readonly ResourceFacts[],
  platform: Platform,
): Judgement {
  const cells = [new Judging(home), new Judging(peer)] as const;
  return conclude(rule, cells, () => rule.judge(...cells, platform));
}

/** Of a stack alone; a pair rule has nothing to say there. */
export function judgeRule(
  rule: StackRule | ResourceRule,
  resources: readonly ResourceFacts[],
  platform: Platform,
): Judgement {
  return rule.about === "resource"
    ? judgeResources(rule, resources, platform)
    : judgeStack(rule, resources, platform);
}

class Judging implements Stack {
  readonly resources: readonly Resource[];
  readonly unjudged: NotKnown[] = [];

  constructor(facts: readonly ResourceFacts[]) {
    this.resources = facts.map((each) => new Resource(each));
  }

  ofType(...types: readonly string[]): readonly Resource[] {
    return this.resources.filter(({ type }) => types.includes(type));
  }

  judgeEach(
    resources: readonly Resource[],
    judge: (resource: Resource) => readonly Finding[],
  ): readonly Finding[] {
    return resources.flatMap((resource) => {
      try {
        return judge(resource);
      } catch (error) {
        if (!(error instanceof NotKnown)) throw error;
        this.unjudged.push(error);
        return [];
      }
    });
  }
}

function conclude(rule: Rule, stacks: readonly Judging[], judge: () => readonly Finding[]): Judgement {
  const looked = stacks.reduce((sum, { resources }) => sum + resources.length, 0);
  const unjudged = (): NotKnown[] => stacks.flatMap((stack) => stack.unjudged);
  try {
    const violations = judge();
    return { rule, violations, unjudged: unjudged(), looked };
  } catch (error) {
    if (!(error instanceof NotKnown)) throw error;
    return { rule, violations: [], unjudged: [...unjudged(), error], looked };
  }
}
