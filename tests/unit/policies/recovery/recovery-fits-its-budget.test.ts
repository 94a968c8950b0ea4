import { readSettings } from "@castle/infra/settings/settings.ts";
import { ownConfig, stackConfig } from "@castle/infra/settings/stack-file.ts";
import { judgeStack } from "@castle/policies/judge.ts";
import type { ResourceFacts } from "@castle/policies/judged/resource.ts";
import { stated } from "@castle/policies/recovery/budget/stated.ts";
import { recoveryFitsItsBudget } from "@castle/policies/recovery/recovery-fits-its-budget.ts";
import { expect } from "chai";

const production = readSettings("prd", ownConfig(stackConfig("prd")));

const group = (healthCheck: Readonly<Record<string, number>>): ResourceFacts => ({
  type: "aws:lb/targetGroup:TargetGroup",
  name: "gateway",
  urn: "urn:pulumi:example::castle::aws:lb/targetGroup:TargetGroup::gateway",
  props: { healthCheck },
  protect: false,
  ignoreChanges: [],
  parent: null,
  dependencies: [],
  provider: null,
});

const rest = stated.reduce((sum, { seconds }) => sum + seconds, 0);

const within = (recoveryTimeSeconds: number, healthCheck: Readonly<Record<string, number>>): boolean =>
  judgeStack(recoveryFitsItsBudget, [group(healthCheck)], {
    ...production,
    objectives: { ...production.objectives, recoveryTimeSeconds },
  }).violations.length === 0;

describe("the recovery budget", () => {
  const health = { interval: 5, healthyThreshold: 2, unhealthyThreshold: 2 };

  it("is kept to the second: an objective of what it adds up to holds, one second less does not", () => {
    expect(within(rest + 20, health)).to.equal(true);
    expect(within(rest + 19, health)).to.equal(false);
  });

  it("counts the provider's own interval and thresholds where none are set", () => {
    expect(within(rest + 30 * (3 + 3), {})).to.equal(true);
    expect(within(rest + 30 * (3 + 3) - 1, {})).to.equal(false);
  });

  it("names a source for every figure", () => {
    for (const { part, source, seconds } of stated) {
      expect(source, part).not.to.be.empty;
      expect(seconds, part).to.be.greaterThan(0);
    }
  });
});
