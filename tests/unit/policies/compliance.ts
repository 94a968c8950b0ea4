import type { Asked, Compliance, RuleResult, Violation } from "@castle/policies/compliance/compliance.ts";
import { auroraBelongsToAGlobalDatabase } from "@castle/policies/recovery/aurora-belongs-to-a-global-database.ts";
import type { Rule } from "@castle/policies/rule.ts";

/** A rule, a violation of it and a judgement of two stacks, for tests to vary. */
export const rule: Rule = auroraBelongsToAGlobalDatabase;

export const place = {
  stack: "prd",
  urn: "urn:pulumi:prd::castle::aws:rds/cluster:Cluster::cell-database",
  type: "aws:rds/cluster:Cluster",
  name: "cell-database",
  property: "globalClusterIdentifier",
} as const;

export const violation: Violation = {
  ...place,
  found: "none",
  wanted: "the platform's global database",
  enforcement: "mandatory",
  exception: null,
};

const asked: Asked = { stack: "prd", enforcement: "mandatory", looked: 1 };

export const clean: RuleResult = { rule, asked: [asked], violations: [], unjudged: [] };

export const complianceOf = (results: readonly RuleResult[], more: Partial<Compliance> = {}): Compliance => ({
  madeAt: "2026-11-27T12:00:00.000Z",
  seconds: 1.25,
  framework: null,
  stacks: [{ stack: "prd", profile: "production", region: "eu-west-1", resources: 40 }],
  pair: null,
  results,
  badExceptions: [],
  ...more,
});
